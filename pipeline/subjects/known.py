"""Names of companies, people and products, as data: `what it is called | other names of it`.

The Chinese name of a company or a person comes from the checks' own table of aliases. Models need
no row: a family and a version make one, so that a new version has its page on the day it is out.
"""

from typing import Final

COMPANIES: Final = """
Adobe
AI21 Labs
Airbnb
AI2 | Allen AI | Allen Institute
Alibaba | Alibaba Cloud | Aliyun | Qwen Team
Amazon | AWS | Amazon Web Services
AMD
Anthropic
Apple
Arcee AI | Arcee
ARM
Artificial Analysis
ASML
AT&T
Baidu
Baseten
Black Forest Labs | BFL
Bloomberg
Broadcom
ByteDance
Cerebras
Cloudflare
Cognition
Cohere
CoreWeave
Databricks
DeepSeek
Dell
ElevenLabs
Epoch AI | EpochAI
Exa | Exa AI | Exa AI Labs
Figure AI
Fireworks AI
Generalist AI
GitHub
Google | Google DeepMind | DeepMind | GDM | Google Research | Google Cloud | Google AI
Groq
Harvard
Huawei
Hugging Face | HuggingFace
IBM
Inception Labs
Intel
JD
Kuaishou
LangChain
Lightning AI
Liquid AI
LMArena
LMSYS
Meituan
Meta | Meta AI | Facebook | FAIR
METR
Microsoft | Microsoft Research
Micron
MiniMax
Mistral AI | Mistral
Modular
Moonshot | Moonshot AI
Moore Threads
Netflix
Nous Research
NVIDIA | Nvidia AI
OpenAI
OpenRouter
Oracle
Perplexity | Perplexity AI
Pinecone
Prime Intellect
Qualcomm
Red Hat
Reflection AI
Replit
Runway | RunwayML
Sakana AI
Salesforce
Samsung
Scale AI
SenseTime
Snowflake
SoftBank
Sony
SpaceX
Stability AI
Stanford
StepFun
Tencent
Tesla
Thinking Machines | Thinking Machines Lab
Together AI
TSMC
Tsinghua
Uber
Unitree
Unsloth | Unsloth AI
Vercel
xAI
Xiaomi
Y Combinator
Zhipu | Zhipu AI | Z.ai
"""
"""Companies and laboratories."""

PEOPLE: Final = """
Altman | Sam Altman
Amodei | Dario Amodei
Andrew Ng
Arthur Mensch
Bezos | Jeff Bezos
Carmack | John Carmack
Chollet | François Chollet | Francois Chollet
Ed Zitron
Fei-Fei | Fei-Fei Li
Gates | Bill Gates
Greg Brockman | Brockman
Guillaume Lample
Hassabis | Demis Hassabis
Hinton | Geoffrey Hinton
Jeff Dean
Jensen | Jensen Huang
Jim Fan
Kaiming | Kaiming He
Karpathy | Andrej Karpathy
LeCun | Yann LeCun
Mira Murati
Musk | Elon Musk
Nadella | Satya Nadella
Noam Brown
Pichai | Sundar Pichai
Simon Willison
Sutskever | Ilya Sutskever
Trump | Donald Trump
Zuckerberg | Mark Zuckerberg
"""
"""People."""

PRODUCTS: Final = """
Aider
ChatGPT
Claude Code
Cline
Codex | Codex CLI | OpenAI Codex
ComfyUI
Copilot | GitHub Copilot
CUDA
Cursor
DSPy
Gemini CLI
Jules
Kubernetes
LangGraph
LangSmith
llama.cpp
LlamaIndex
LM Studio
MLX
NotebookLM
Ollama
OpenCode
Open WebUI
PyTorch
Qwen Code
ROCm
SGLang
SWE-Bench | SWE-bench Verified
TensorRT-LLM
Terminal-Bench | Terminal-Bench 2.1
Transformers
Triton
vLLM
VS Code | VSCode
WebGPU
Windsurf
"""
"""What people work with, models apart."""

MODEL_FAMILIES: Final = (
    *("claude", "codestral", "command", "deepseek", "devstral", "ernie", "fable", "flux", "gemini"),
    *("gemma", "genie", "glm", "gpt", "grok", "haiku", "hunyuan", "imagen", "kimi", "kling", "lfm"),
    *("llama", "longcat", "magistral", "mercury", "mimo", "minimax", "ministral", "mistral"),
    *("nemotron", "olmo", "opus", "phi", "qwen", "qwq", "seedance", "smollm", "sonnet", "sora"),
    *("veo", "wan", "whisper"),
)
"""How names of models begin, in small letters; a number has to follow somewhere."""
WHOLE_FAMILIES: Final = frozenset(
    ("claude", "gemini", "gemma", "grok", "llama", "qwen", "sora", "veo", "whisper")
)
"""Those that are spoken of as a whole, too."""
