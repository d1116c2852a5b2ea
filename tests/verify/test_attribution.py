"""A figure that only strangers tell is told as theirs."""

import pytest

from build import entry, mention
from pipeline.records import Finding, IssuePart, Mention, Story
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
FACT = "Acme发布Heron-2，它为船只绘制湖泊地图。"
STRANGERS: tuple[IssuePart, ...] = ("reddit", "discord", "discord_details")


def story(*parts: IssuePart) -> Story:
    """Tell the event in the editors' words, and in a stranger's in each of these parts."""
    others = [
        mention(POSTED, part=part, name=f"m00{number}") for number, part in enumerate(parts, 2)
    ]
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
            "有消息称",
            "一处称",
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


@pytest.mark.parametrize(
    ("line", "sentence", "right"),
    [
        ("Acme works on it, aiming to make maps 100x easier.", "目标是让制图容易100倍", True),
        ("Heron-2 is designed to be 100x faster than Gull.", "它旨在比Gull快100倍", True),
        ("Heron-2 is 100x faster than Gull.", "它的目标是比Gull快100倍", False),
        ("Acme works on it, aiming to make maps 100x easier.", "它让制图容易100倍", False),
        ("Acme aims at lakes. Heron-2 is 100x faster than Gull.", "它旨在比Gull快100倍", False),
        ("Acme aims at maps that are 100x easier.", "目标是湖泊，制图容易100倍", False),
        (
            "Acme aims at a price of $0.01 per million tokens.",
            "目标价格为每百万token 0.01美元",
            False,
        ),
    ],
)
def test_an_aim_is_told_as_an_aim(line: str, sentence: str, right: bool) -> None:
    """Nobody claims then that it is so; a price is a price."""
    about = Story(
        id="s01", mentions=(mention(OFFICIAL), mention(line, part="discord", name="m002"))
    )
    assert (found_in(f"{sentence}。", about) == []) == right


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
        ("该机器使开发者省下约6000美元。", False),
        ("该用户花了约6000美元。", True),
    ],
)
def test_what_a_user_does_is_told_of_a_user(sentence: str, *, right: bool) -> None:
    """By whatever verb; who it is for has done nothing."""
    line = "OP describes a ~$6,000 machine that runs Heron-2."
    about = Story(id="s01", mentions=(mention(OFFICIAL), mention(line, part="reddit", name="m002")))
    assert (found_in(sentence, about) == []) == right


POST = "https://www.reddit.com/r/LocalLLaMA/comments/{}/heron/"


def told_in(place: str) -> Mention:
    """Have a stranger tell it in a thread, or under this heading of the Discord recap."""
    if place.startswith("r/"):
        return mention(POSTED, POST.format(place[2:]), part="reddit")
    part: IssuePart = "discord_details" if "▷" in place else "discord"
    return mention(POSTED, part=part, section=("Discord", place))


@pytest.mark.parametrize(
    ("places", "known"),
    [
        (("r/1abc", "r/1def"), True),
        (("r/1abc", "r/1abc"), False),  # two comments of one thread
        (("Nest ▷ #general", "Nest Discord"), False),  # a channel, and the summary of it
        (("Nest ▷ #general", "Theme 2. Models"), False),
        (("Nest ▷ #general", "Pond ▷ #news"), True),
        (("r/1abc", "Nest ▷ #general"), True),
    ],
)
def test_what_two_sources_say_is_no_strangers_word(places: tuple[str, str], *, known: bool) -> None:
    """Of a maker's price that two posts copy from its page."""
    about = Story(id="s01", mentions=(mention(OFFICIAL), *map(told_in, places)))
    assert bool(found_in("价格为每百万token 0.01美元。", about)) is not known


@pytest.mark.parametrize(
    ("channel", "official"),
    [
        ("announcements", True),
        ("【📣】announcements", True),
        ("gradio-announcements", True),
        ("general", False),
    ],
)
def test_a_servers_announcements_are_its_owners(channel: str, *, official: bool) -> None:
    """Nobody else writes there: a price in it is a price."""
    posted = mention(
        POSTED, part="discord_details", section=("Part 2", f"Acme ▷ #{channel} (1 message)")
    )
    about = Story(id="s01", mentions=(mention(OFFICIAL), posted))
    assert bool(found_in("价格为每百万token 0.01美元。", about)) is not official


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


@pytest.mark.parametrize("who", ["Hassabis主张，", "哈萨比斯撰文称，", "在Hassabis的文章中，"])
def test_what_a_named_person_says_is_told_as_theirs(who: str) -> None:
    """In a post that names them too, and not where a stranger speaks of the same."""
    for said in ("Hassabis argues that Heron-2 is", "In Hassabis's essay, Heron-2 comes out"):
        post = mention(f"{said} 5x faster than Gull.", part="reddit", name="m002")
        told = Story(id="s01", mentions=(mention(OFFICIAL), post))
        assert found_in(f"{who}其速度是Gull的5倍。", told) == []
        assert len(found_in("其速度是Gull的5倍。", told)) == 1
    other = mention("A user argues that Heron-2 is 5x faster.", part="reddit", name="m002")
    told = Story(id="s01", mentions=(mention(OFFICIAL), other))
    assert len(found_in(f"{who}其速度是Gull的5倍。", told)) == 1
