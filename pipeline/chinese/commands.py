"""Commands, options, fields and settings, which a Chinese text writes as its evidence does.

Part of `language` and of the checks that look for English.
"""

import re

from pipeline.chinese.english_words import FUNCTION_WORDS

_COMMANDS = re.compile(
    r"(?<![\w./@-])(?:sudo )?(?:aider|apt|apt-get|bash|brew|bun|cargo|claude|codex|conda|curl|deno"
    r"|docker|gemini|gh|git|helm|hf|huggingface-cli|kubectl|llama-cli|llama-server|npm|npx|ollama"
    r"|opencode|pip|pip3|pipx|pnpm|podman|python|python3|torchrun|uv|uvx|vllm|wget|yarn"
    r"|[a-z][\w.-]*(?: [a-z][\w-]*)?(?= --?[a-z]))"  # whatever takes an option
    r"(?: [\w./@:=+~{}\[\]-]+)+",
    re.ASCII,
)
_ASSIGNED = re.compile(r"(?<![\w.-])[\w.-]+=[\w.'\"-]+", re.ASCII)
_FLAG = re.compile(r"(?<![\w./-])(?:--?|/)[a-z][\w-]*(?![\w/])", re.ASCII)
_PATH = re.compile(r"(?<![\w:/.-])(?:~|\.{1,2})?/[\w.-]+(?:/[\w.-]+)*/?", re.ASCII)
# A variant of a model: the base version.
_VARIANT = re.compile(
    r"(?<![\w.-])(base|chat|instruct|lite|mini|nano|reasoner|thinking)"
    r"(?= ?(?:模型|版|变体|还是|[和与或、，。]|$))",
    re.ASCII,
)
_ENDING = re.compile(r"(?<!\w)\.[a-z0-9]{1,8}(?![\w.-])", re.ASCII)
"""Of a file's name: .fig."""
# What a program or an API calls so: the 'refusal' field, the beta header.
_FIELD = re.compile(
    r"(?<![\w.-])([a-z][a-z_-]*) ?(?=字段|参数|键(?!盘)|属性|变量|函数|端点|请求头"
    r"|标签页|菜单|选项|标志|模式|频道)",
    re.ASCII,
)
# A setting and its value: effort设为high.
_SETTING = re.compile(
    r"(?<![\w.-])([a-z][a-z_-]*) ?(?:可|应|默认)?(?:设[置定]?|调)[为成到至]"
    r" ?([a-z][a-z_-]*)(?![\w.-])",
    re.ASCII,
)
_FIELDS = (
    r"(?:fields?|param(?:eter)?s?|keys?|attributes?|variables?|functions?|endpoints?|headers?|tabs?"
    r"|menus?|options?|flags?|arguments?|channels?)\b"
)


def without_commands(chinese: str, evidence: str) -> str:
    """Take out command lines, options and fields that stand in the evidence so, word by word."""
    plain = " ".join(evidence.split())

    def command(found: re.Match[str]) -> str:
        words = found[0].split(" ")
        for end in range(len(words), 1, -1):
            line = " ".join(words[:end])
            if line in plain and not FUNCTION_WORDS.intersection(words[1:end]):
                return " ".join(["，", *words[end:]])
        return found[0]

    def flag(found: re.Match[str]) -> str:
        return "，" if re.search(rf"(?<![\w-]){re.escape(found[0])}(?![\w-])", plain) else found[0]

    def field(found: re.Match[str]) -> str:
        word = re.escape(found[1])
        named = rf"(?<![\w-])(?:['‘\"“`]{word}['’\"”`]|{word}['’\"”`]? {_FIELDS})"
        return "，" if re.search(named, plain) else found[0]

    def setting(found: re.Match[str]) -> str:
        name, value = map(re.escape, found.groups())
        stated = rf"\b{name}\b[^.;\n]{{0,20}} (?:to|as|at) ['‘\"“`]?{value}\b"
        return "，" if re.search(stated, plain) else found[0]

    def path(found: re.Match[str]) -> str:
        return "，" if re.search(rf"(?<![\w/]){re.escape(found[0])}(?!\w)", plain) else found[0]

    def variant(found: re.Match[str]) -> str:
        stated = rf"\b{found[1]} (?:(?:and|or) \w+ )?(?:models?|versions?|variants?)\b"
        return "，" if re.search(stated, plain) else found[0]

    def assignment(found: re.Match[str]) -> str:
        return "，" if found[0] in plain else found[0]

    chinese = _ASSIGNED.sub(assignment, _COMMANDS.sub(command, chinese))
    chinese = _ENDING.sub(path, chinese)
    chinese = _VARIANT.sub(variant, _SETTING.sub(setting, _PATH.sub(path, chinese)))
    return _FIELD.sub(field, _FLAG.sub(flag, chinese))
