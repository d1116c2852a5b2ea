"""A figure that only strangers tell is told as theirs."""

import pytest

from build import entry, mention
from pipeline.records import Finding, IssuePart, Story
from pipeline.verify.registry import story_of_entry, verify

OFFICIAL = (
    "Acme ships Heron-2: it maps lakes for boats, has 30B parameters, scores 71% on LakeBench and"
    " costs $2 per million tokens; it is out since January 28."
)
POSTED = (
    "Acme ships Heron-2: the price is $0.01 per million tokens, the model scores 93% on LakeBench,"
    " is 5x faster than Gull, has 900B parameters, came out on February 3, takes 256K tokens"
    " and fits into 80 GB, says its model card."
)
SAID = POSTED.replace("the price", "one user says that the price")
FACT = "Acme发布Heron-2，它为船只绘制湖泊地图。"
STRANGERS: tuple[IssuePart, ...] = ("reddit", "discord", "discord_details")


def story(*parts: IssuePart) -> Story:
    """Tell the event in the editors' words, and in a stranger's in each of these parts."""
    others = [mention(SAID, part=part, name=f"m00{number}") for number, part in enumerate(parts, 2)]
    return Story(id="s01", mentions=(mention(OFFICIAL), *others))


def found_in(sentence: str, about: Story, title: str = "Acme发布Heron-2") -> list[Finding]:
    """Give what the check finds in an entry with this sentence."""
    made = entry("s01", None).model_copy(update={"title": title, "summary": FACT + sentence})
    return [each for each in verify(made, about) if each.check == "attribution"]


FIGURES = {
    "价格为每百万token 0.01美元": "error",
    "它在LakeBench上得93%": "warning",
    "速度是Gull的5倍": "warning",
    "它有9000亿参数": "warning",
    "它于2月3日发布": "warning",
    "它可读入25.6万token": "warning",
    "它可装入80GB显存": "warning",
}


@pytest.mark.parametrize("part", STRANGERS)
@pytest.mark.parametrize("figure", FIGURES)
def test_a_strangers_figure_is_found(figure: str, part: IssuePart) -> None:
    """As plain fact, as the maker's, and beside users who say nothing of it."""
    for sentence in (f"{figure}。", f"Acme称，{figure}。", f"面向开发者和用户，{figure}。"):
        (found,) = found_in(sentence, story(part))
        assert found.severity == FIGURES[figure]
        assert found.found in figure


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    "who",
    [
        *(
            "有用户称，",
            "Reddit用户称",
            "社区称",
            "有人称",
            "Discord上有成员说，",
            "一名开发者发帖称",
        ),
        *(
            "据网友反映，",
            "有评论者认为",
            "有传闻说",
            "公告的截图显示，",
            "据称",
            "网传",
            "爆料者透露，",
        ),
    ],
)
def test_a_figure_that_is_told_as_theirs_is_right(figure: str, who: str) -> None:
    """Whoever they are called."""
    assert found_in(f"{who}{figure}。", story("reddit")) == []


@pytest.mark.parametrize(
    "figure",
    [
        *("价格为每百万token 2美元", "它在LakeBench上得71%", "它有300亿参数", "它于1月28日发布"),
    ],
)
def test_what_the_editors_tell_is_everybodys(figure: str) -> None:
    """It stands, whoever else tells it."""
    told_too = mention(f"{POSTED} {OFFICIAL}", part="reddit", name="m002")
    assert found_in(f"{figure}。", story("reddit")) == []
    assert found_in(f"{figure}。", Story(id="s01", mentions=(told_too, mention(OFFICIAL)))) == []


@pytest.mark.parametrize("figure", FIGURES)
def test_a_story_of_one_side_has_nobody_to_part(figure: str) -> None:
    """Where only strangers tell it, or only editors, and where nobody knows who tells what."""
    for part in (*STRANGERS, "twitter", "intro"):
        alone = Story(id="s01", mentions=(mention(POSTED, part=part),))
        assert found_in(f"{figure}。", alone) == []
    made = entry("s01", None).model_copy(update={"evidence": f"{OFFICIAL}\n\n{POSTED}"})
    assert found_in(f"{figure}。", story_of_entry(made)) == []


PLAIN = "The API of Heron-2 costs $0.01 per million tokens and 93% of LakeBench is solved."


@pytest.mark.parametrize("figure", ["价格为每百万token 0.01美元", "它解出LakeBench的93%"])
@pytest.mark.parametrize(
    ("editors", "right"),
    [
        (OFFICIAL, False),
        ("Acme ships Heron-2, which maps lakes for boats and has 30B parameters.", True),
        (
            "Acme ships Heron-2. Gull-1 costs $2 per million tokens. Gull-1 has 71% on LakeBench.",
            True,
        ),
        ("Acme ships Heron-2 after it raised $2 billion; 71% of its staff are engineers.", True),
    ],
)
def test_what_a_post_says_plainly_is_the_things_own(
    editors: str, figure: str, *, right: bool
) -> None:
    """A price of a list and a score, unless the editors have another one of the same thing."""
    told = mention(f"Acme ships Heron-2. {PLAIN}", part="discord", name="m002")
    about = Story(id="s01", mentions=(mention(editors), told))
    assert (found_in(f"{figure}。", about) == []) == right


@pytest.mark.parametrize(
    "line",
    [
        "One user says that Heron-2 costs $9 a month.",
        "Several members complain that they pay $9 a month for Heron-2.",
        "I pay $9 a month for Heron-2.",
        "Heron-2 was tested, and members report that it took $9 a month.",
        "Heron-2 is slow, but redditors get it for $9 a month.",
        "  - lakefan and gull_7 highlight the price of Heron-2, noting that it costs $9 a month.",
    ],
)
def test_what_a_person_says_or_pays_is_theirs(line: str) -> None:
    """Where another post says it plainly it is everybody's."""
    told = mention(line, part="reddit", name="m002")
    plain = mention("Heron-2 costs $9 a month.", part="discord", name="m003")
    about = Story(id="s01", mentions=(mention(OFFICIAL), told))
    assert [each.severity for each in found_in("Heron-2每月9美元。", about)] == ["error"]
    assert found_in("Heron-2每月9美元。", Story(id="s01", mentions=(*about.mentions, plain))) == []


@pytest.mark.parametrize(
    "line",
    [
        "Heron-2 costs $9 a month, but users reported issues with lakes.",
        "Heron-2 costs $9 a month, and it is available to Plus users.",
        "Heron-2 (Activity: 12): Heron-2 costs $9 a month. Commenters are divided.",
    ],
)
def test_who_complains_beside_a_price_is_not_its_source(line: str) -> None:
    """In another clause, or as those who may buy it."""
    about = Story(
        id="s01", mentions=(mention(OFFICIAL), mention(line, part="discord", name="m002"))
    )
    assert found_in("Heron-2每月9美元。", about) == []


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("有Reddit用户用约6000美元的机器运行Heron-2。", True),
        ("另有Gull 16用户在约6000美元的机器上运行它。", True),
        ("一名开发者花6000美元装配了机器。", True),
        ("有对比称，机器约6000美元。", True),
        ("该模型有用户界面，机器约6000美元。", False),
        ("有面向开发者的机器，约6000美元。", False),
        ("机器约6000美元，面向用户。", False),
    ],
)
def test_what_a_user_does_is_told_of_a_user(sentence: str, *, right: bool) -> None:
    """By whatever verb; who it is for has done nothing."""
    line = "OP describes a ~$6,000 machine that runs Heron-2."
    about = Story(id="s01", mentions=(mention(OFFICIAL), mention(line, part="reddit", name="m002")))
    assert (found_in(sentence, about) == []) == right


def test_a_title_is_as_careful_as_its_sentences() -> None:
    """It has less room, so that one word is enough."""
    sentence = "有用户称，价格为每百万token 0.01美元。"
    (found,) = found_in(sentence, story("reddit"), "Acme发布Heron-2，每百万token 0.01美元")
    assert (found.severity, found.found) == ("error", "0.01美元")
    assert found_in(sentence, story("reddit"), "用户称Heron-2每百万token 0.01美元") == []
    assert found_in(sentence, story("reddit"), "Heron-2据传每百万token 0.01美元") == []


def test_one_finding_a_sentence_is_enough() -> None:
    """The price before what else there is."""
    (found,) = found_in("它有9000亿参数，价格为每百万token 0.01美元。", story("reddit"))
    assert (found.severity, found.found) == ("error", "0.01美元")


def test_what_a_document_says_is_told_as_what_it_says() -> None:
    """Where the line names it too; a price has to be somebody's all the same."""
    card = (
        "Acme ships Heron-2: its model card gives 93% for LakeBench and $0.01 per million tokens."
    )
    told = Story(id="s01", mentions=(mention(OFFICIAL), mention(card, part="reddit", name="m002")))
    assert found_in("其模型卡给出LakeBench 93%的成绩。", told) == []
    said = card.replace("model card gives", "announcement saying it has")
    told = Story(id="s01", mentions=(mention(OFFICIAL), mention(said, part="reddit", name="m002")))
    assert found_in("Acme宣布其LakeBench得分为93%。", told) == []
    told = Story(id="s01", mentions=(mention(OFFICIAL), mention(card, part="reddit", name="m002")))
    for other in ("论文", "博客", "Acme宣布，"):
        assert len(found_in(f"其{other}给出LakeBench 93%的成绩。", told)) == 1
    assert len(found_in("其模型卡给出每百万token 0.01美元的价格。", told)) == 1
