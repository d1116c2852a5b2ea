"""Digests for the tests of the site: as many days as wanted, and one that is hostile.

Their words are ours. Every digest has ten news and ten tools, as a good day has; what the tests
look for stands in them: 智能体, GPT, numbers and names that stand in the evidence too.
"""

import datetime as dt
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Edit,
    Entry,
    EntryKind,
    Finding,
    IssuePart,
    Link,
    OmittedStory,
    PartCoverage,
    Provenance,
    Sentence,
    StoryAnchor,
)
from pipeline.write.files import write

FIRST_DAY = dt.date(2025, 11, 24)
"""Date of the first digest."""
_PARTS: tuple[IssuePart, ...] = ("twitter", "reddit", "discord")
_RECAPS = {
    "twitter": "AI Twitter Recap",
    "reddit": "AI Reddit Recap",
    "discord": "AI Discord Recap",
}
_SUBJECTS = (
    ("GPT-6 Mini", "小型语言模型", "a small language model"),
    ("Orbit Agent", "编程智能体", "a coding agent"),
    ("Lumen 2", "图像生成模型", "an image model"),
    ("TensorForge", "推理引擎", "an inference engine"),
    ("VoiceLab", "语音合成系统", "a speech system"),
)


def entry(kind: EntryKind, number: int, day: dt.date) -> Entry:
    """Write one entry of a digest."""
    name, chinese, english = _SUBJECTS[number % len(_SUBJECTS)]
    part = _PARTS[number % len(_PARTS)]
    size, score = 3 + number, 40 + (day.day + number) % 50
    link = f"https://example.org/{day.isoformat()}/{kind}/{number}"
    told = (
        f"{name}是一个{size}B参数的{chinese}，在基准测试中得到{score}%的准确率。",
        "团队公开了权重和代码，开发者可以在单张显卡上运行它。",
    )
    return Entry(
        kind=kind,
        title=f"{name}发布：{size}B参数的{chinese}",
        summary="".join(told),
        sentences=(Sentence(text=told[0], lines=(1,)), Sentence(text=told[1], lines=(1, 2))),
        link=link,
        story=f"s{number:02d}",
        section=(_RECAPS[part], "Releases"),
        parts=(part,),
        links=(Link(url=link, text="announcement"), Link(url=f"{link}/code", text="")),
        evidence=f"{name} is out: {english} with {size}B parameters that reaches {score}% accuracy. "
        "Weights and code are open.\n\n- It runs on a single GPU.",
        mentions=("m001", "m002"),
        reason="model",
        follows=day - dt.timedelta(days=1) if number == 1 and day != FIRST_DAY else None,
    )


def digest_of_a_chain(day: dt.date) -> Digest:
    """Write one day's digest, whose first entry shows the paper that it shows on every day."""
    whole = digest(day)
    paper = "https://arxiv.org/abs/2512.00001"
    links = (Link(url=paper, text="paper"),)
    first = whole.news[0].model_copy(update={"link": paper, "links": links})
    return whole.model_copy(update={"news": (first, *whole.news[1:])})


def digest(day: dt.date) -> Digest:
    """Write one day's digest, with all that a review page can show."""
    seen = PartCoverage(mentions=40, stories=30, shown=25, told=7)
    passed = OmittedStory(
        story="s21",
        words="A survey of quantization methods",
        part="reddit",
        link="https://example.org/survey",
        score=3.25,
        facts=("in 1 recap", "120 votes"),
        reason="not chosen by the model",
    )
    slug = f"{day:%y-%m-%d}-not-much"
    return Digest(
        date=day,
        issue_url=f"https://news.smol.ai/issues/{slug}/",
        news=tuple(entry("news", number, day) for number in range(1, 11)),
        tools=tuple(entry("tool", number, day) for number in range(11, 21)),
        findings=(
            Finding(
                entry="news:2",
                check="name",
                severity="warning",
                expected="a name of the evidence",
                found="Orbit",
                sentence=1,
            ),
        ),
        drops=(DroppedItem(what="s21", reason="named twice"),),
        provenance=Provenance(
            slug=slug,
            title="Not much happened today",
            issue_date=day,
            source="site",
            page_sha256="0" * 64,
            model="test-model",
            prompts={"select": "1" * 64, "translate": "2" * 64},
            memory=(),
            coverage=Coverage(
                characters=180_000,
                mentions={"twitter": 40, "reddit": 40, "discord": 40},
                stories=90,
                shown=75,
                parts={"twitter": seen, "reddit": seen, "discord": seen},
                passed=(passed,),
            ),
        ),
    )


def write_digests(folder: Path, days: int) -> list[str]:
    """Write the digests of so many days into a folder, and give their names, oldest first."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [FIRST_DAY + dt.timedelta(days=number) for number in range(days)]
    for day in written:
        for name, data in _files_of(day).items():
            (folder / name).write_bytes(data)
    return [day.isoformat() for day in written]


@cache
def _files_of(day: dt.date) -> dict[str, bytes]:
    """Write the digest of a day, once for all tests of a process, and give its files."""
    with TemporaryDirectory() as folder:
        paths = write(digest(day), Path(folder)).paths.values()
        return {path.name: path.read_bytes() for path in paths}


def changed_digest(original: Digest) -> Digest:
    """Tell a digest otherwise: a number, a link, an order, and one story in another's place."""
    first, _, third, *others = original.news
    first = first.model_copy(
        update={"summary": first.summary.replace("%", "5%"), "link": f"{first.link}/new"}
    )
    other = Entry(
        kind="news",
        title="量化方法综述上线",
        summary="一篇综述比较了十二种量化方法的速度和精度，并公开了全部测量数据，读者可以自己重做实验。",
        link="https://example.org/survey",
        story="s40",
        links=(Link(url="https://example.org/survey", text="survey"),),
        evidence="Twelve ways to quantize weights, compared in a survey with all of its raw data.",
    )
    return original.model_copy(update={"news": (first, third, other, *others), "findings": ()})


HOSTILE = (
    '<script>window.__pwned="{}"</script>',
    "<img src=x onerror=\"window.__pwned='{}'\">",
    '"><svg/onload=window.__pwned="{}">',
    "]]></content><script>window.__pwned='{}'</script>",
    "</script><script>window.__pwned='{}'</script><!--",
    "javascript:window.__pwned='{}'",
    "{{{{7*7}}}} {{% raw %}} ${{7*7}} {}",
    "\u202etxet desrever\u202c\u2066isolated\u2069 {}",
    "\x0b\x0c\x1b[31m &#1; &lt;b&gt; \ufffe {}",
    "W" * 300 + "{}" + "数" * 200,
)
"""Texts that would like to be more than text; the place is filled in."""


def hostile_digest(day: dt.date, shift: int = 0) -> Digest:
    """Write a digest of which every text is hostile, as an issue and a model could make it.

    Args:
        day: its date.
        shift: moves every text to another field, so that the two versions differ everywhere.
    """

    def say(number: int, place: str) -> str:
        return HOSTILE[(number + shift) % len(HOSTILE)].format(place)

    def bad(kind: EntryKind, number: int) -> Entry:
        address = f"https://example.org/{number}?q=\"><script>window.__pwned='link'</script>"
        told = say(number + 1, f"summary{number}"), "GPT 智能体有7B与42%" + "，正文" * 20
        return Entry(
            kind=kind,
            title=say(number, f"title{number}"),
            summary="".join(told),
            sentences=(
                Sentence(text=told[0], lines=(1, 2, 99)),
                Sentence(text=told[1], lines=(2,)),
            ),
            link=address,
            story=say(number, "story"),
            section=(say(number + 2, "section"), "javascript:alert(1)"),
            parts=("twitter",),
            links=(
                Link(url=address, text=say(number + 3, "link")),
                Link(url=f"javascript:window.__pwned='url{number}'", text="javascript:"),
                Link(url=f"data:text/html,<script>alert({number})</script>", text="data:"),
            ),
            evidence=say(number + 4, "evidence") + "\n\n" + say(number + 5, "evidence") + " 7B 42%",
            mentions=("m001", "m002"),
            reason=say(number, "reason"),
            follows=FIRST_DAY,
            quoted=number % 5 == 0,
        )

    good = digest(day)
    assert good.provenance is not None
    origin = good.provenance
    passed = origin.coverage.passed[0].model_copy(
        update={
            "story": say(0, "passed"),
            "words": say(1, "passed"),
            "facts": (say(2, "fact"),),
            "reason": say(4, "passed"),
            "link": "javascript:window.__pwned='passed'",
        }
    )
    mark = StoryAnchor(
        id="s01", key="0" * 64, words=say(0, "edit"), link="javascript:window.__pwned=1"
    )
    return good.model_copy(
        update={
            "issue_url": "https://example.org/\"'><script>window.__pwned='issue'</script>",
            "news": tuple(bad("news", number) for number in range(1, 11)),
            "tools": tuple(bad("tool", number) for number in range(11, 21)),
            "findings": tuple(
                Finding(
                    entry=f"news:{number}",
                    check="name",
                    severity="warning",
                    expected=say(number, "expected"),
                    found=say(number + 1, "found"),
                    sentence=number % 3,
                )
                for number in range(1, 11)
            ),
            "drops": tuple(
                DroppedItem(what=say(n, "drop"), reason=say(n, "drop")) for n in range(10)
            ),
            "edits": (
                Edit(
                    do="set", story=mark, stood="news:1", title=say(1, "edit"), summary=say(3, "")
                ),
            ),
            "provenance": origin.model_copy(
                update={
                    "title": say(0, "issue title"),
                    "model": say(1, "model"),
                    "settings": {say(0, "setting"): say(4, "value")},
                    "prompts": {say(4, "prompt"): "3" * 64},
                    "coverage": origin.coverage.model_copy(update={"passed": (passed,)}),
                }
            ),
        }
    )
