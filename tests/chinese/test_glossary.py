"""Terms of the field: the glossary's file, how terms are found, and what counts as misuse."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chinese import glossary
from pipeline.chinese.glossary import (
    Term,
    companies_in_chinese,
    format_terms,
    misused_terms,
    occurring_terms,
    parse_glossary,
)
from pipeline.errors import SettingsError

GLOSSARY = Path(__file__).parents[2] / "prompts" / "glossary.toml"
TERMS = glossary.load_glossary()
EVERY = " . ".join(term.term for term in TERMS)
"""An English text in which every term occurs: no finding is kept back for want of evidence."""


def names(text: str) -> list[str]:
    """Name the terms of an English text, in order."""
    return [term.term for term in occurring_terms(text, TERMS)]


def found(text: str, evidence: str) -> list[tuple[str, str, bool]]:
    """List what a Chinese text has instead of what, and whether that is an error."""
    return [
        (term.found, term.expected, term.strict) for term in misused_terms(text, evidence, TERMS)
    ]


def test_the_file_holds_the_terms_that_matter() -> None:
    """At least 150 terms, those of issue 3 among them with the Chinese that it asks for."""
    chinese = {term.term: term.expected for term in TERMS}
    assert len(TERMS) >= 150
    assert chinese["agent"] == "智能体"
    assert chinese["reward hacking"] == "奖励黑客"
    assert chinese["negative transfer"] == "负迁移"
    assert chinese["interference"] == "干扰"
    assert chinese["open weights"] == "开放权重"
    assert chinese["Kling"] == "可灵"
    assert chinese["LLM"] == "LLM"


def test_a_term_says_why_where_it_forbids_everywhere() -> None:
    """What is wrong whatever the evidence says, and what only looks wrong, carries its reason."""
    assert all(term.reason for term in TERMS if term.always)
    assert all(len(term.reason) <= 120 for term in TERMS)


def test_all_chinese_is_simplified() -> None:
    """GB 2312 has no traditional character, so whatever it can encode is Simplified."""
    for term in TERMS:
        for text in (*term.renderings, *term.never, *term.avoid, *term.fine):
            text.encode("gb2312")


def test_no_right_rendering_is_a_misuse() -> None:
    """What one term asks for or accepts is no finding, though all terms stand in the evidence."""
    text = "；".join(right for term in TERMS for right in term.renderings)
    assert found(text, EVERY) == []


@pytest.mark.parametrize(
    ("text", "evidence", "wrong"),
    [
        ("发行代币", "A crypto token is out.", []),
        ("一百万代币", "A context of 1M tokens.", ["代币"]),
        ("GPU按六年折旧", "It deprecates v1; GPUs depreciate over six years.", []),
        ("v1已折旧", "It deprecates v1.", ["折旧"]),
        ("机器人重量29公斤", "The robot weighs 29 kg; its weights are open.", []),
        ("模型重量已开放", "The weights are open.", ["重量"]),
    ],
)
def test_a_wrong_rendering_is_right_beside_a_word_of_another_sense(
    text: str, evidence: str, wrong: list[str]
) -> None:
    """A token of crypto is 代币, and what the glossary forbids stays wrong for one of a model."""
    assert [one.found for one in misused_terms(text, evidence, TERMS)] == wrong


def test_every_wrong_rendering_is_found() -> None:
    """What a term forbids is an error where the term is told, what it avoids a warning."""
    wrong = [(term, each, True) for term in TERMS for each in term.never]
    wrong += [(term, each, False) for term in TERMS for each in term.avoid]
    for term, chinese, strict in wrong:
        here = [(each.found, each.strict) for each in misused_terms(chinese, term.term, TERMS)]
        assert here == [(chinese, strict)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An open-weights model and its weights.", ["open weights", "weights"]),
        ("Open Weight releases", ["open weights"]),
        ("chain‑of‑thought", ["chain of thought"]),
        ("Vulnerabilities in repositories", ["vulnerability", "repository"]),
        ("RAG over LLMs with an MoE", ["RAG", "LLM", "mixture of experts"]),
        ("a rag and a moe", []),
        ("MoEs", ["mixture of experts"]),
        ("low perplexity", ["perplexity"]),
        ("Perplexity raised money", []),
        ("Weights & Biases", []),
        ("a user agent string, then an agent", ["agent"]),
        ("agents.md, @agent, agent_sdk, #agents-help, https://x.org/agents/1", []),
        ("The agent.", ["agent"]),
        ("agent, LLM, agent", ["agent", "LLM"]),
        ("reagents and kernelized", []),
        ("an LLM's KV-cache", ["LLM", "KV cache"]),
        ("", []),
    ],
)
def test_terms_are_found_as_words(text: str, expected: list[str]) -> None:
    """Whole words, hyphen or space, plurals; an abbreviation's case counts; the longest wins."""
    assert names(text) == expected


def test_a_phrase_across_lines_is_no_term() -> None:
    """Two bullets do not make one term."""
    assert names("- open\n- weights") == ["weights"]


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("任务之间的射线干扰", "ray interference", [("射线", "干扰", True)]),
        ("智能体“马具”走红", "the harness is the product", [("马具", "运行框架", True)]),
        ("新的AI代理", "a new AI agent", [("代理", "智能体", False)]),
        ("新的AI代理", "a new proxy server for agents", []),
        ("新的AI代理", "a new server", []),
        ("替代理论模型的智能体", "an agent", []),
        ("权重量化与重量级模型", "weights", []),
        ("权重的重量", "weights", [("重量", "权重", True)]),
        ("导致幻觉", "hallucination", []),
        ("法学硕士可以推理", "nothing of the kind", [("法学硕士", "LLM", True)]),
        ("首日支持，修复零日漏洞", "day-0 support, a zero-day", []),
        ("零日支持", "day-0 support", [("零日", "首日", True)]),
        ("经纪人代理人", "an agent", [("经纪人", "智能体", True), ("代理人", "智能体", True)]),
        ("令牌价格下调", "cheaper tokens", [("令牌", "token", False)]),
        ("刷新访问令牌", "refreshes access tokens and counts tokens", []),
    ],
)
def test_wrong_chinese_is_found_where_the_term_is_told(
    text: str, evidence: str, expected: list[tuple[str, str, bool]]
) -> None:
    """A forbidden rendering counts with its term in the evidence, and not inside another word."""
    assert found(text, evidence) == expected


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("多个agent协作", "several agents", [("agent", "智能体", True)]),
        ("两项 benchmarks 领先", "two benchmarks", [("benchmarks", "基准测试", True)]),
        ("两项benchmarks领先", "two tests", []),
        ("采用open weights模型", "open weights", [("open weights", "开放权重", True)]),
        ("智能体（agent）与“agent”和`agent`", "agents", []),
        ("发布Agent Skills标准和Claude Agent SDK", "Agent Skills, agents", []),
        ("发布mini-swe-agent与agents.md", "agents", []),
        ("命令行参数--weights", "weights", []),
        ("每秒45 tokens，由LLM完成", "tokens of an LLM", []),
        ("harness与vibe coding成为话题", "harness, vibe coding", []),
        ("发布vLLM的CUDA kernels", "kernels", []),
    ],
)
def test_english_left_over_is_found_outside_names(
    text: str, evidence: str, expected: list[tuple[str, str, bool]]
) -> None:
    """A lower-case term with a Chinese rendering is an error, unless quoted, named or accepted."""
    assert found(text, evidence) == expected


AGENT = Term(term="agent", chinese="智能体", never=("特工",), avoid=("代理",))
SKILL = Term(term="skill library", chinese="技能库")
WATCH = Term(term="watch", chinese="手表", also=("day",))
HOT = Term(term="hot path", chinese="热路径", unlike=("hot path finder", "hot"))
EXACT = Term(term="Go", chinese="围棋", exact=True)
ACRONYM = Term(term="LoRA", keep=True, never=("萝拉",), reason="a name")
MINE = (AGENT, SKILL, WATCH, HOT, EXACT, ACRONYM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("agents and Agents, AGENT", ["agent"]),
        ("skill libraries", ["skill library"]),
        ("a skill-library, a Skill / Library", ["skill library"]),
        ("skill library's", ["skill library"]),
        ("skill’library and skill&library", ["skill library"]),
        ("skill\u2011library", ["skill library"]),
        ("skill\tlibrary", ["skill library"]),
        ("skill\u00a0library", ["skill library"]),
        ("skill, library", []),
        ("skill.library", []),
        ("skill  library", ["skill library"]),
        ("skill   -   library", []),
        ("watches and days", ["watch"]),
        ("watchs", []),
        ("daies", []),
        ("hot paths", ["hot path"]),
        ("a hot path finder", []),
        ("a hot path-finder and a hot path", ["hot path"]),
        ("it is hot", []),
        ("Go and go", ["Go"]),
        ("go", []),
        ("GO", []),
        ("LoRA", ["LoRA"]),
        ("LoRAs", ["LoRA"]),
        ("lora, LORA, Lora", []),
        ("agent.py and my.agent or x.agent", []),
        ("An agent. agent", ["agent"]),
        ("the ...agent", ["agent"]),
        ("@agent #agent $agent https://agent http://x/agent", []),
        ("agent2 and super_agent", []),
        ("day, agent, day", ["watch", "agent"]),
    ],
)
def test_spellings_are_compared_word_by_word(text: str, expected: list[str]) -> None:
    """Plurals, joints and case as a term has them; phrases that only hold a term hide it."""
    assert [term.term for term in occurring_terms(text, MINE)] == expected


def test_the_longer_of_two_terms_is_taken_and_of_two_alike_the_phrase() -> None:
    """`open weights` is one term; what a term is unlike comes before a term of its length."""
    short, long = Term(term="open", chinese="打开"), Term(term="open weights", chinese="开放权重")
    other = Term(term="wide open", chinese="敞开", unlike=("open door",))
    door = Term(term="open door", chinese="开门")
    terms = (short, long, other, door)
    assert [t.term for t in occurring_terms("open weights, open", terms)] == [
        "open weights",
        "open",
    ]
    assert [t.term for t in occurring_terms("open door", terms)] == []
    assert [t.term for t in occurring_terms("wide open weights", terms)] == ["wide open"]


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("policy", "policies"), ("key", "keys"), ("batch", "batches"), ("crash", "crashes"),
        ("index", "indexes"), ("model", "models"),
    ],
)  # fmt: skip
def test_a_plural_is_understood(word: str, plural: str) -> None:
    """As English forms it."""
    terms = (Term(term=word, chinese="词"),)
    assert [t.term for t in occurring_terms(f"the {plural}", terms)] == [word]
    assert occurring_terms(f"the {word}zs", terms) == ()


@pytest.mark.parametrize("word", ["bias", "training", "distilled"])
def test_what_has_no_plural_has_none(word: str) -> None:
    """Words in -s, -ing and -ed stand as they are."""
    terms = (Term(term=word, chinese="词"),)
    assert len(occurring_terms(word, terms)) == 1
    assert occurring_terms(f"{word}s", terms) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新的特工", [("特工", True)]),
        ("新的代理", [("代理", False)]),
        ("新的agent", [("agent", True)]),
        ("新的agents", [("agents", True)]),
        ("新的Agent", []),
        ("新的AGENT", []),
        (
            '“agent”‘agent’"agent"「agent」『agent』《agent》`agent`（agent）(agent)【agent】[agent]',
            [],
        ),
        ("mini-agent", []),
        ("agent-x", []),
        ("agent/x与x/agent", []),
        ("agent+x、~agent、\\\\agent", []),
        ("agent-与agent/", [("agent", True)]),
        ("agent-的", [("agent", True)]),
        ("agent，a", [("agent", True)]),
        ("agent 2号", [("agent", True)]),
        ("特工与代理与特工", [("特工", True), ("代理", False)]),
        ("LoRA与lora", []),
    ],
)
def test_misuses_of_one_term(text: str, expected: list[tuple[str, bool]]) -> None:
    """Wrong and unwanted Chinese, and lower-case English outside of brackets, quotes and joints."""
    found = misused_terms(text, "an agent and a LoRA", MINE)
    assert [(each.found, each.strict) for each in found] == expected
    assert {each.expected for each in found} <= {"智能体"}
    assert {each.term for each in found} <= {"agent"}


def test_english_that_a_term_accepts_is_no_misuse() -> None:
    """In any case, and in the plural."""
    terms = (Term(term="harness", chinese="运行框架", also=("rig",), accept=("Harnesses", "Rig")),)
    assert [term.found for term in misused_terms("harness", "a harness", terms)] == ["harness"]
    assert misused_terms("harnesses与rigs与rig", "a harness", terms) == ()


def test_what_another_term_asks_for_is_no_misuse() -> None:
    """Only where that term is told; and a longer right word hides the wrong one in it."""
    proxy = Term(term="proxy", chinese="代理", fine=("代理商",))
    terms = (AGENT, proxy)
    assert misused_terms("新的代理", "an agent behind a proxy", terms) == ()
    assert [term.found for term in misused_terms("新的代理", "an agent", terms)] == ["代理"]
    assert misused_terms("新的代理商", "an agent", terms) == ()
    assert [term.found for term in misused_terms("代理商的代理", "an agent", terms)] == ["代理"]


def test_a_word_that_is_always_wrong_needs_no_evidence() -> None:
    """`avoid` counts only with the term in the evidence, `never` of an `always` term anywhere."""
    always = Term(term="LLM", keep=True, never=("法学硕士",), avoid=("大语模",), always=True)
    said = "法学硕士与大语模"
    assert [term.found for term in misused_terms(said, "nothing", (always,))] == ["法学硕士"]
    assert {term.found for term in misused_terms(said, "an LLM", (always,))} == {
        "法学硕士",
        "大语模",
    }
    assert misused_terms("特工", "nothing", MINE) == ()


def test_a_line_warns_of_every_wrong_word() -> None:
    """What is never right comes before what is avoided; a term that stays says `keep`."""
    assert format_terms((AGENT, ACRONYM, SKILL)).splitlines() == [
        "agent → 智能体 (never 特工、代理)",
        "LoRA: keep (never 萝拉)",
        "skill library → 技能库",
    ]
    assert format_terms(()) == ""


def test_a_line_has_also_the_wrong_words_of_terms_inside_its_own() -> None:
    """`coding agent` is told what `agent` is not called, unless `agent` has a line of its own."""
    coding = Term(term="coding agent", chinese="编程智能体", never=("编码员",))
    terms = (AGENT, coding)
    shown = [format_terms(occurring_terms(text, terms)) for text in ("a coding agent",)]
    assert shown == ["coding agent → 编程智能体 (never 编码员、特工、代理)"]
    both = format_terms(occurring_terms("a coding agent is an agent", terms)).splitlines()
    assert both == ["coding agent → 编程智能体 (never 编码员)", "agent → 智能体 (never 特工、代理)"]


def test_what_another_term_asks_for_is_not_forbidden() -> None:
    """A question does not both ask for a word and forbid it."""
    proxy = Term(term="proxy", chinese="代理")
    shown = format_terms(occurring_terms("an agent behind a proxy", (AGENT, proxy)))
    assert shown.splitlines() == ["agent → 智能体 (never 特工)", "proxy → 代理"]


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=6), st.sampled_from([" ", ", ", "-"]))
def test_the_model_is_told_everything_that_is_held_against_it(
    chosen: list[Term], joint: str
) -> None:
    """Whatever Chinese a text misuses is in the lines for its evidence, overlaps included."""
    evidence = joint.join(phrase for term in chosen for phrase in (term.term, *term.also))
    shown = format_terms(occurring_terms(evidence, TERMS))
    wrong = "；".join(word for term in TERMS for word in (*term.never, *term.avoid))
    always = {word for term in TERMS if term.always for word in term.never}
    for misused in misused_terms(wrong, evidence, TERMS):
        assert misused.found in shown or misused.found in always


IN_NAMES = """
OpenAI's Agent Builder is out | agent
the Agent Builder | agent
OpenAI Agents SDK 2 | agent
It uses Claude Skills and MCP | skill
Stable Diffusion runs | diffusion
Flash Attention 3 runs | attention
runs on Google Cloud | Google
an Apple Silicon Mac | Apple
on Amazon Bedrock | Amazon
Microsoft Research wrote it | Microsoft
the NVIDIA-Nemotron family | NVIDIA
"""
ON_THEIR_OWN = """
the agent builder is out | agent
An Agent is out | agent
Agents are out | agent
AI Agents are out | agent
The Agent Builder has an agent | agent
New Skills for everybody | skill
What Happened When Five Agents Played Together | agent
MXFP8 MoE training | mixture of experts
Google and Microsoft | Google
Google's Gemini | Google
Google, Microsoft | Google
Google/DeepMind | Google
said Google. It has | Google
says NVIDIA CEO Jensen | NVIDIA
on NVIDIA GPUs | NVIDIA
Stanford University | Stanford
Vision Transformer models | transformer
few-shot prompting works | prompt
a latent space | latent space
by Moonshot AI | Moonshot
model alignment | alignment
merged the PR | pull request
"""
LOOSE = """
a delay, prompting discussions about it | prompt
It prompted concerns | prompt
Latent Space interviews him | latent space
a moonshot project | Moonshot
notes alignment with a standard | alignment
a PR move by the lab | pull request
the emergence of startups | emergent
"""


def _table(rows: str) -> list[tuple[str, str]]:
    return [
        (text, term) for text, _, term in (row.partition(" | ") for row in rows.split("\n") if row)
    ]


@pytest.mark.parametrize(("text", "term"), _table(IN_NAMES))
def test_a_word_of_a_name_is_no_term(text: str, term: str) -> None:
    """A capital beside another one makes a product's name, which wins over the glossary."""
    assert term in {each.term for each in TERMS}
    assert term not in names(text)
    assert found("某代理、漫射、谷哥、辉达", text) == []


@pytest.mark.parametrize(("text", "term"), _table(LOOSE))
def test_a_word_in_another_sense_is_no_term(text: str, term: str) -> None:
    """As reading what real stories matched showed."""
    assert term in {each.term for each in TERMS}
    assert term not in names(text)


@pytest.mark.parametrize(("text", "term"), _table(ON_THEIR_OWN))
def test_a_word_beside_no_name_is_a_term(text: str, term: str) -> None:
    """At the start of a sentence, in a headline, after AI and its like, before a verb."""
    assert term in names(text)


@pytest.mark.parametrize("term", [term for term in TERMS if term.alone], ids=lambda term: term.term)
def test_a_company_may_be_named_in_both_ways(term: Term) -> None:
    """Its Chinese name is told, and its Latin one is no error; `apple` in lower case is fruit."""
    assert names(f"News of {term.term} today") == [term.term]
    assert found(f"{term.term}与{term.chinese}发布模型", f"News of {term.term} today") == []
    assert term.term not in names(f"News of {term.term.lower()} today")
    assert names(f"News of {term.term} Cloud today") == []


def test_two_glossaries_do_not_mix() -> None:
    """A text is looked through for the terms that were given, however often and in what order."""
    for _ in range(2):
        for terms in ((AGENT,), (SKILL,), (Term(term="agent", keep=True),)):
            assert occurring_terms("an agent of a skill library", terms) == terms
    for number in range(12):
        assert occurring_terms("an agent", (Term(term=f"x{number}", keep=True),)) == ()
    assert occurring_terms("an agent", (AGENT,)) == (AGENT,)


def test_the_model_is_shown_one_line_per_term() -> None:
    """The Chinese or `keep`, and every word that would be held against it."""
    shown = format_terms(occurring_terms("an agent, an LLM, a token, the latency", TERMS))
    assert shown.splitlines() == [
        "agent → 智能体 (never 经纪人、代理人、代理商、AI特工、代理)",
        "LLM: keep (never 法学硕士、法律硕士)",
        "token: keep (never 代币、代用币、令牌)",
        "latency → 延迟 (never 潜伏期、潜伏时间)",
    ]


def test_the_version_is_the_hash_of_the_file() -> None:
    """The version that a digest records changes with every byte of the file."""
    assert re.fullmatch("[0-9a-f]{64}", glossary.glossary_sha256())
    assert parse_glossary("glossary.toml", GLOSSARY.read_bytes()) == TERMS


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("[[term]\n", r"^glossary\.toml cannot be read: .*line 1"),
        (
            '[[term]]\nterm="Go"\nkeep=true\n[[term]]\nterm="Bo"\nkeep=true\nalso=["go"]\n',
            r"term 'Bo': 'go' is spelled under 'Go' already",
        ),
        (
            '[[term]]\nterm="skill-set"\nkeep=true\n[[term]]\nterm="skill set"\nkeep=true\n',
            r"'skill set' is spelled under 'skill-set' already",
        ),
        ('[[term]]\nterm="a"\nkeep=true\navoid=["b"]\n', r"take Chinese, not 'b'"),
        ('[[term]]\nterm="a"\nkeep=true\nalso=["中"]\n', r"'中' is no English"),
        ('[[term]]\nterm="a"\nkeep=true\nunlike=["中"]\n', r"'中' is no English"),
        (
            '[[term]]\nterm="a"\nchinese="中"\naccept=["国人"]\navoid=["国"]\n',
            r"'国' is both right",
        ),
        ('x = 1\n[[term]]\nterm="a"\nkeep=true\n', r"tables only, got \['term', 'x'\]"),
        ("term = 1\n", r"takes \[\[term\]\] tables only"),
        ('[agent]\nchinese = "智能体"\n', r"takes \[\[term\]\] tables only, got \['agent'\]"),
        ("term = [1]\n", r"term number 1, which has no name: "),
        ('[[term]]\nchinese = "智能体"\n', r"term number 1, which has no name: term: Field req"),
        ('[[term]]\nterm = "agent"\n', r"term 'agent': .*either `chinese` or `keep = true`"),
        ('[[term]]\nterm = "agent"\nchinese = "智能体"\nkeep = true\n', r"term 'agent': .*either"),
        ('[[term]]\nterm = "agent"\nkeep = true\nnote = ""\n', r"term 'agent': note: Extra"),
        ('[[term]]\nterm = "智能体"\nkeep = true\n', r"'智能体' is no English"),
        (
            '[[term]]\nterm = "agent"\nkeep = true\nnever = ["agent"]\n',
            r"take Chinese, not 'agent'",
        ),
        (
            '[[term]]\nterm = "agent"\nchinese = "智能体"\nnever = ["智能"]\n',
            r"term 'agent': .*'智能' is both right and wrong",
        ),
        (
            '[[term]]\nterm = "agent"\nkeep = true\nnever = ["代理"]\navoid = ["代理"]\n',
            r"'代理' is both in `never` and in `avoid`",
        ),
        (
            '[[term]]\nterm="agent"\nkeep=true\n[[term]]\nterm="bot"\nkeep=true\nalso=["Agent"]',
            r"term 'bot': 'Agent' is spelled under 'agent' already",
        ),
    ],
)
def test_a_broken_glossary_is_one_clear_error(raw: str, message: str) -> None:
    """One line that names the file and the term, or the line of the file."""
    with pytest.raises(SettingsError, match=message) as caught:
        parse_glossary("glossary.toml", raw.encode())
    assert "\n" not in str(caught.value)


def test_a_missing_glossary_says_where_it_was_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An incomplete installation is a settings error, not a traceback."""
    monkeypatch.setattr(glossary, "folder", lambda: tmp_path)
    with pytest.raises(SettingsError, match=r"glossary is not installed: looked for .*\.toml"):
        glossary._read()


def test_checking_a_digest_takes_no_time() -> None:
    """Twenty entries against all terms take far less than the second that all checks may take."""
    evidence = "A long story about agents, LLMs and their harness, told twice over. " * 24
    text = "据称该智能体框架在长上下文任务中降低了延迟，并支持工具调用与提示词缓存。" * 6
    misused_terms(text, evidence, TERMS)
    start = time.process_time()
    for _ in range(20):
        misused_terms(text, evidence, TERMS)
    assert time.process_time() - start < 0.25


def test_published_digests_hold_the_misuses_that_were_read_in_them(shared: Path) -> None:
    """Against their whole issues, six published digests give these errors and no other."""
    errors = set()
    for digest in sorted((shared / "published").glob("*.md")):
        text = digest.read_text()
        issue = re.search(r"issues/([\w-]+)", text)
        assert issue
        evidence = (shared / "markdown" / f"{issue[1]}.md").read_text()
        errors |= {term.found for term in misused_terms(text, evidence, TERMS) if term.strict}
    assert errors == {"射线", "马具", "克灵"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Baidu 发布 Unlimited-OCR", "百度发布 Unlimited-OCR"),
        ("Meta 与 Google、Amazon 合作", "Meta 与谷歌、亚马逊合作"),
        ("前研究员加入 Apple", "前研究员加入苹果"),
        ("Samsung。其后", "三星。其后"),
    ],
)
def test_a_company_alone_in_chinese_has_its_chinese_name(text: str, wanted: str) -> None:
    """As the glossary has it, also where the model left the English."""
    assert companies_in_chinese(text, TERMS) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Google Cloud 新增区域",
        "它支持 Apple/Metal 后端",
        "《Google 的秘密》一文",
        "`Intel` 选项",
        "Xiaomi-MiMo 与 intel",
        "OpenAI 的 Google 式做法见 x.com/Google",
        "由 Andrew Oracle 提出",
        "腾讯（Tencent）发布新模型",
        "名为 Apple 的目录",
        "旧款 Tesla 显卡与 Oracle 检索器",
    ],
)
def test_a_company_in_a_longer_name_stays(text: str) -> None:
    """In names of its products, of people, in code, addresses and titles of works."""
    wanted = text.replace("的 Google 式", "的谷歌式")
    assert companies_in_chinese(text, TERMS) == wanted
