"""Correct entries, made to say with the evidence's own words what its lines do not say.

Every number and name stands in the evidence, or in another entry of the digest, and belongs to
something else: a number of another line, a subject or a model exchanged, a qualifier left out, a
fact of another entry, a wrong line, a claim turned round, a sentence that tells nothing. Each break
says who is meant to notice it, `code` or `proofread`. Only entries are broken whose sentences name
lines.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from eval.broken import BrokenEntry, Field, Group, Reader, apply, same
from eval.edits import TextEdit, pick
from eval.organisations import Organisation, find_organisations
from pipeline.quantities import Quantity, find_quantities
from pipeline.records import Entry, Story
from pipeline.verify.check import CheckInput, Passage

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_STOPS = re.compile("[，；。！？]")
_MODEL = re.compile(
    r"(?<![A-Za-z0-9./-])[A-Z][A-Za-z]*(?:[- ][A-Z]?[A-Za-z]*)?[- ]?\d+(?:\.\d+)*"
    r"(?:-[A-Za-z0-9]+)*(?![\w%./]|-\w)"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{2,}")
_NO_MEASURE: Final = frozenset({"version", "year", "ordinal"})
_MAX_OTHERS = 3


class _Qualifier(NamedTuple):
    """A way to say that something is less than plain fact, in both languages."""

    kind: str
    english: re.Pattern[str]
    chinese: re.Pattern[str]
    instead: str = ""
    """What stands there without it."""
    meant: Reader = "code"


def _qualifier(
    kind: str, english: str, chinese: str, instead: str = "", meant: Reader = "code"
) -> _Qualifier:
    return _Qualifier(kind, re.compile(english, re.IGNORECASE), re.compile(chinese), instead, meant)


_QUALIFIERS: Final = (
    _qualifier(
        "possibly",
        r"\b(?:may|might|could|possibl[ey]|potentially|perhaps|likely|speculat\w+)\b",
        "(?<![不尽])可能(?!性|会?否)|或许|也许|或将",
    ),
    _qualifier(
        "reportedly", r"\breport(?:s|ed|edly|ing)?\b|\balleged", "据(?:报道|报告|称|悉|说|传)，?"
    ),
    _qualifier("claimed", r"\bclaim(?:s|ed|ing)?\b", "(?<![名自简])(?:宣称|声称|自称|据称|称)，?"),
    _qualifier("rumoured", r"\brumou?r|\bleak", "(?:传闻|据传|泄露(?:的信息)?(?:显示)?)，?"),
    _qualifier(
        "preview", r"\bpreview|\bbeta\b|\bearly access", "(?:研究)?预览版?|测试版", "正式版"
    ),
    _qualifier(
        "up to",
        r"\bup to\b|\bas (?:high|much|many|long) as\b",
        "最高(?:可?达)?|最多|最长|至多|高达",
    ),
    _qualifier(
        "over",
        r"\bover\b|\bmore than\b|\bexceed|\bsurpass|\d[\w.%]*\+|[>≥]",
        "超过|逾|多于|超(?=[\\d ])",
    ),
    _qualifier("at least", r"\bat least\b|≥", "至少|不少于|不低于"),
    _qualifier(
        "expected",
        r"\bexpect|\bplans?\b|\bplanned\b|\bproject(?:s|ed|ing)\b|\bforecast|\bupcoming\b|\bsoon\b",
        "预计|有望|计划|即将|拟",
    ),
    _qualifier(
        "about",
        r"\babout\b|\broughly\b|\baround\b|~|\bapprox|≈|\bnearly\b|\balmost\b",
        "(?<![节制条合签契违公])约(?=[ \\d为是一二两三四五六七八九十])|大约|(?<!最)近(?= ?\\d)|接近(?= ?\\d)|左右",
    ),
    _qualifier(
        "seemingly",
        r"\bseem|\bappear|\bsuggest|\bimpl(?:y|ies)",
        "似乎|看来|看上去",
        meant="proofread",
    ),
)
_ATTRIBUTED = re.compile(
    r"^[^，。；：]{0,12}(?:用户|评论者|开发者|有人|测试者|作者|网友|研究者|发帖者)[^，。；：]{0,12}?(?:称|认为|表示|反映|推测|指出|宣称|声称)(?!赞|为|其)，?"
)
_SAID = re.compile(
    r"\b(?:said|says|claim\w*|report\w*|argu\w+|not(?:ed|es)|speculat\w+|commenter|user|users|complain\w*"
    r"|call(?:ed|s)|frame[ds]?|suggest\w*|observ\w+|highlight\w*)\b|@\w",
    re.IGNORECASE,
)
_OPPOSITES: Final = (
    ("提升", "下降"), ("提高", "降低"), ("增加", "减少"), ("增长", "下滑"), ("上涨", "下跌"),
    ("高于", "低于"), ("优于", "不如"), ("领先", "落后"), ("更快", "更慢"), ("更高", "更低"),
    ("更强", "更弱"), ("更便宜", "更贵"), ("降价", "涨价"), ("支持", "不支持"), ("需要", "不需要"),
    ("开源", "闭源"), ("新增", "移除"), ("开放模型", "闭源模型"), ("批评", "称赞"),
)  # fmt: skip
_NEGATED = re.compile("(?<![能是])(?:不再|不会|不能|不需要|不支持|无需|未能|尚未|并未|没有)")
_AFFIRMED: Final = {
    "不再": "仍", "不会": "会", "不能": "能", "不需要": "需要", "不支持": "支持", "无需": "需要",
    "未能": "成功", "尚未": "已经", "并未": "已经", "没有": "有",
}  # fmt: skip
_PADDING: Final[tuple[tuple[str, Reader], ...]] = (
    ("原文没有给出更多细节。", "code"),
    ("文中未提及具体价格和上线时间。", "code"),
    ("具体细节尚未公布。", "code"),
    ("这对开发者具有重要意义，值得关注。", "proofread"),
    ("这为相关领域的研究提供了新的思路。", "proofread"),
)


def misleading_entries(
    entry: Entry, story: Story, *, others: Sequence[Entry] = ()
) -> Iterator[BrokenEntry]:
    """Break an entry in every way that leaves its words true somewhere.

    Args:
        entry: a correct entry, whose sentences name their lines; of another one nothing is made.
        story: its story.
        others: entries of the same digest, of which facts and subjects are taken.
    """
    data = CheckInput(entry, story)
    if not data.has_lines or entry.quoted:
        return
    for passage in data.passages:
        yield from _numbers(data, passage)
        yield from _models(data, passage)
        yield from _subjects(data, passage, others)
        yield from _claims(data, passage)
        if passage.number:
            yield from _qualifiers(data, passage)
            yield from _facts(data, passage, others)
            yield from _lines(data, passage)
    yield from _padding(data)


def _made(
    group: Group, data: CheckInput, passage: Passage, edit: TextEdit, meant: Reader
) -> BrokenEntry:
    """Change a passage, by offsets in it."""
    field: Field = "summary" if passage.number else "title"
    shift = passage.start - len(data.entry.title) - 1 if passage.number else 0
    moved = edit._replace(start=edit.start + shift, end=edit.end + shift)
    return apply(group, data.entry, field, moved)._replace(meant=meant, sentence=passage.number)


# -------------------------------------------------------------------------------------- numbers


def _numbers(data: CheckInput, passage: Passage) -> Iterator[BrokenEntry]:
    """Put a figure of the event where another one of its unit stands."""
    pool = [
        other
        for other in find_quantities(data.story.evidence)
        if not other.weak and other.value and other.unit not in _NO_MEASURE
    ]
    own = find_quantities(passage.evidence)
    told = find_quantities(passage.text)
    for quantity in told:
        if quantity.weak:
            continue
        seen: set[str] = set()
        for other in pool:
            if other.unit != quantity.unit or any(same(other, each) for each in told):
                continue
            edit = _transplanted(passage.text, quantity, other)
            if edit is None or edit.now in seen:
                continue
            seen.add(edit.now)
            here = any(same(other, each) for each in own)
            kind = "of the same lines" if here else "of another line"
            meant: Reader = "proofread" if here else "code"
            yield _made("moved", data, passage, edit._replace(kind=f"number {kind}"), meant)


def _transplanted(text: str, quantity: Quantity, other: Quantity) -> TextEdit | None:
    """Write the figure of another quantity in place of its own, if that makes it the other one."""
    old, new = _FIGURE.search(quantity.text), _FIGURE.search(other.text)
    if old is None or new is None:
        return None
    start = quantity.start + old.start()
    end = quantity.start + old.end()
    changed = text[:start] + new.group() + text[end:]
    now = [
        each
        for each in find_quantities(changed)
        if each.start <= start < each.start + len(each.text)
    ]
    if len(now) != 1 or now[0].value != other.value or now[0].unit != other.unit:
        return None
    return TextEdit("", start, end, new.group())


# --------------------------------------------------------------------------- subjects and models


def _models(data: CheckInput, passage: Passage) -> Iterator[BrokenEntry]:
    """Name another model or version of the event."""
    pool = list(dict.fromkeys(found.group() for found in _MODEL.finditer(data.story.evidence)))
    for found in _MODEL.finditer(passage.text):
        name = found.group()
        fresh = [other for other in pool if other not in passage.text and _is_relative(other, name)]
        if fresh:
            new = fresh[pick(f"{name}{passage.number}", len(fresh))]
            edit = TextEdit("another model of the event", found.start(), found.end(), new)
            yield _made("subject", data, passage, edit, "proofread")


def _is_relative(one: str, other: str) -> bool:
    """Say whether two models have one family's name, and neither is the other cut short."""
    names = [re.sub("[ -]", "", name).casefold() for name in (one, other)]
    families = {re.split("[^a-z]", name)[0] for name in names}
    return len(families) == 1 and not any(map(str.startswith, names, names[::-1]))


def _subjects(data: CheckInput, passage: Passage, others: Sequence[Entry]) -> Iterator[BrokenEntry]:
    """Name another organisation: one of the event, and one of another entry."""
    evidence = data.story.evidence
    here = [one for one, _, _ in find_organisations(evidence)]
    far = [
        one
        for other in others
        for one, _, _ in find_organisations(f"{other.title}。{other.summary}")
        if one not in here
    ]
    told = {one for one, _, _ in find_organisations(passage.text)}
    for one, start, end in find_organisations(passage.text):
        pools: tuple[tuple[str, list[Organisation], Reader], ...] = (
            ("organisation of the event", here, "proofread"),
            ("organisation of another entry", far, "code"),
        )
        for kind, pool, meant in pools:
            fresh = [other for other in dict.fromkeys(pool) if other not in told]
            if fresh and one in here:
                new = fresh[pick(f"{passage.text}{kind}", len(fresh))].chinese
                yield _made("subject", data, passage, TextEdit(kind, start, end, new), meant)


# ------------------------------------------------------------------------- qualifiers and claims


def _qualifiers(data: CheckInput, passage: Passage) -> Iterator[BrokenEntry]:
    """Leave out what the lines qualify a sentence with."""
    for one in _QUALIFIERS:
        found = list(one.chinese.finditer(passage.text))
        # Where it stands twice, the sentence is still qualified.
        if len(found) == 1 and one.english.search(passage.evidence):
            edit = TextEdit(f"{one.kind}, left out", *found[0].span(), one.instead)
            yield _made("qualifier", data, passage, edit, one.meant)
    hedged = _ATTRIBUTED.match(passage.text)
    if hedged and _SAID.search(passage.evidence) and len(passage.text) - hedged.end() > 10:
        edit = TextEdit("who says it, left out", 0, hedged.end(), "")
        yield _made("qualifier", data, passage, edit, "proofread")


def _claims(data: CheckInput, passage: Passage) -> Iterator[BrokenEntry]:
    """Say the opposite."""
    for pair in _OPPOSITES:
        for old, new in (pair, pair[::-1]):
            if passage.text.count(old) != 1 or (new in passage.text):
                continue
            at = passage.text.index(old)
            if passage.text[max(0, at - 1) : at] in {"不", "未", "无"}:
                continue
            edit = TextEdit("claim turned round", at, at + len(old), new)
            yield _made("claim", data, passage, edit, "proofread")
    for found in _NEGATED.finditer(passage.text):
        edit = TextEdit("no left out", *found.span(), _AFFIRMED[found.group()])
        yield _made("claim", data, passage, edit, "proofread")


# ------------------------------------------------------------------------ facts, lines, padding


def _facts(data: CheckInput, passage: Passage, others: Sequence[Entry]) -> Iterator[BrokenEntry]:
    """Put a clause with a figure of another entry for one with a figure of this one."""
    own = [clause for clause in _clauses(passage.text) if clause.quantities]
    known = find_quantities(data.story.evidence)
    for other in others[:_MAX_OTHERS]:
        pool = [
            clause
            for sentence in other.sentences
            for clause in _clauses(sentence.text)
            if clause.quantities and clause.text not in passage.text
        ]
        if not own or not pool:
            continue
        old = own[pick(passage.text, len(own))]
        new = pool[pick(f"{passage.text}{other.title}", len(pool))]
        edit = TextEdit("clause of another entry", old.start, old.end, new.text)
        true = all(any(same(each, one) for one in known) for each in new.quantities)
        yield _made("fact", data, passage, edit, "code")._replace(borne_out=true)


class _Clause(NamedTuple):
    """What stands between two commas."""

    text: str
    start: int
    end: int
    quantities: tuple[Quantity, ...]


def _clauses(text: str) -> Iterator[_Clause]:
    start = 0
    for stop in _STOPS.finditer(text):
        clause = text[start : stop.start()]
        found = tuple(each for each in find_quantities(clause) if not each.weak)
        yield _Clause(clause, start, stop.start(), found)
        start = stop.end()


def _lines(data: CheckInput, passage: Passage) -> Iterator[BrokenEntry]:
    """Name a line that does not exist, and one that is about something else."""
    entry = data.entry
    count = len(entry.line_places)
    yield _renumbered(entry, passage, (count + 1,), "no such line", "code")
    others = [line for line in range(1, count + 1) if line not in passage.lines]
    if not others:
        return
    wrong = others[pick(passage.text, len(others))]
    start, end = entry.line_places[wrong - 1]
    kept = _kept(passage, data.story.evidence[start:end])
    if kept is None:
        yield _renumbered(entry, passage, (wrong,), "another line, nothing to compare", "proofread")
    elif not kept:
        yield _renumbered(entry, passage, (wrong,), "another line", "code")


def _kept(passage: Passage, line: str) -> bool | None:
    """Say whether a line has a sentence's figures and names too; None where it has none."""
    told = [each for each in find_quantities(passage.text) if not each.weak]
    known = find_quantities(line)
    words = {word for word in _LATIN.findall(passage.text) if word in passage.evidence}
    if not told and not words:
        return None
    return all(any(same(each, one) for one in known) for each in told) and all(
        word in line for word in words
    )


def _renumbered(
    entry: Entry, passage: Passage, lines: tuple[int, ...], kind: str, meant: Reader
) -> BrokenEntry:
    sentences = list(entry.sentences)
    at = passage.number - 1
    sentences[at] = sentences[at].model_copy(update={"lines": lines})
    made = entry.model_copy(update={"sentences": tuple(sentences)})
    was, now = (" ".join(map(str, numbers)) for numbers in (passage.lines, lines))
    return BrokenEntry("line", kind, made, was, now, meant=meant, sentence=passage.number)


def _padding(data: CheckInput) -> Iterator[BrokenEntry]:
    """Add a sentence that tells nothing."""
    entry = data.entry
    last = entry.sentences[-1]
    for text, meant in _PADDING:
        kind = "says what the text does not" if meant == "code" else "praise"
        sentences = (*entry.sentences, last.model_copy(update={"text": text}))
        changes = {"sentences": sentences, "summary": entry.summary + text}
        made = entry.model_copy(update=changes)
        yield BrokenEntry("padding", kind, made, "", text, meant=meant, sentence=len(sentences))
