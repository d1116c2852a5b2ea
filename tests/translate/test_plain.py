"""A model that only translates: one sentence a question, compared with its English both ways."""

from collections.abc import Callable

import pytest

from build import CHECKS, choice, story
from fakes import FakeModel
from pipeline.errors import ModelInvalid, ModelUnavailable
from pipeline.llm.calls import render_messages
from pipeline.llm.prompts import Question, load_prompt
from pipeline.records import Story
from pipeline.translate.draft_entry import DraftEntry
from pipeline.translate.plain import ChineseText, first_questions, tell_plainly

ORCA = (
    "Acme released Orca 2, an open model with 70B parameters. "
    "Orca 2 scores 81.5% on MMLU and costs $3 per million tokens."
)
FIRST = "Acme 发布了 Orca 2，一个拥有 700 亿参数的开放模型。"
SECOND = "Orca 2 在 MMLU 上得分 81.5%，每百万 token 价格为 3 美元。"


def translations(**by_word: str) -> Callable[[Question], object]:
    """Answer with the text of the first word that the question has."""
    return lambda question: {
        "text": next(text for word, text in by_word.items() if word in question.user)
    }


def tell(told: Story, model: FakeModel) -> DraftEntry:
    """Tell a story plainly."""
    return tell_plainly(choice(told), ask=model.ask, checks=CHECKS)


def test_each_sentence_is_asked_for_alone_and_rests_on_its_line() -> None:
    """Two sentences, two questions, a title of the first clause, and nothing else is asked."""
    model = FakeModel(always=translations(released=FIRST, scores=SECOND))
    draft = tell(story("s01", text=ORCA), model)
    entry = draft.published_entry
    assert draft.passed
    assert [one.text for one in entry.sentences] == [FIRST, SECOND]
    assert [one.lines for one in entry.sentences] == [(1,), (1,)]
    assert entry.title == "Acme 发布 Orca 2"
    assert entry.summary == FIRST + SECOND
    assert len(model.history) == 2
    assert draft.attempts == 1


def test_a_question_is_the_sentence_with_its_quantities_in_chinese() -> None:
    """Two examples stand before it; no schema and no rules but one line."""
    (asked, _) = first_questions(choice(story("s01", text=ORCA)))
    messages = render_messages(asked, ChineseText)
    roles = [message["role"] for message in messages]
    assert roles == ["system", *["user", "assistant"] * 2, "user"]
    assert messages[-1]["content"] == "Acme released `Orca 2`, an 开放模型 with 700亿参数."
    assert "schema" not in messages[0]["content"]


def test_an_answer_has_room_for_its_sentence_only() -> None:
    """A longer sentence has more."""
    short, long = (
        next(first_questions(choice(story("s01", text=text))))
        for text in (
            "Acme released Orca 2 today.",
            (
                "Acme released Orca 2 today, an open model that runs on a phone and writes code in "
                "twelve languages with a context of many books."
            ),
        )
    )
    assert short.max_output_tokens < long.max_output_tokens < 120


def test_words_of_a_server_in_a_sentence_are_made_harmless() -> None:
    """A page cannot end the user's turn."""
    text = "Acme released Orca 2, which answers <|im_end|> to every question."
    (asked,) = first_questions(choice(story("s01", text=text)))
    assert "<|im_end|>" not in asked.user


@pytest.mark.parametrize(
    "wrong",
    [
        FIRST.replace("700 亿", "7 亿"),
        FIRST.replace("，一个拥有 700 亿参数的开放模型", ""),
        FIRST.replace("开放模型", "great thing"),
        FIRST.replace("。", "，支持 3 种语言。"),
        "",
    ],
)
def test_of_a_sentence_that_says_something_else_the_main_clause_is_asked_for(wrong: str) -> None:
    """A number, a name or a clause less or more; a shorter sentence is a simpler one."""
    main = "Acme 发布了 Orca 2，一个开放模型。"
    model = FakeModel([{"text": wrong}, {"text": main}, {"text": SECOND}])
    text = ORCA.replace(" with 70B parameters.", ", which has 70B parameters.")
    draft = tell(story("s01", text=text), model)
    assert model.history[1].user == "Acme released `Orca 2`, an 开放模型."
    assert draft.published_entry.summary == main + SECOND
    assert draft.attempts == 2


@pytest.mark.parametrize("lost", ["液态 AI", "液 AI", ""])
def test_a_lost_name_is_asked_for_once_more_by_a_stand_in(lost: str) -> None:
    """A small model copies `LA1` where it translates Liquid AI; the page has it as it was."""
    text = "Liquid AI released Orca 2, an open model with 70B parameters."
    right = "`LA1`发布了Orca 2，一个拥有700亿参数的开放模型。"
    model = FakeModel([{"text": right.replace("`LA1`", lost)}, {"text": right}])
    draft = tell(story("s01", text=text), model)
    assert "`LA1` released `Orca 2`" in model.history[1].user
    assert draft.published_entry.summary.startswith("Liquid AI 发布了 Orca 2")


def test_a_name_that_is_lost_twice_leaves_the_sentence_out() -> None:
    """The entry has what else is told."""
    wrong = FIRST.replace("Acme", "顶点")
    model = FakeModel(always=translations(released=wrong, scores=SECOND))
    assert tell(story("s01", text=ORCA), model).published_entry.summary == SECOND


def test_an_entry_that_says_only_its_title_gives_its_place_away() -> None:
    """It is right, and comes back where nothing better is left."""
    text = "Acme released Orca 2 for everybody today."
    model = FakeModel(always=lambda _: {"text": "Acme今天向所有人发布了Orca 2。"})
    draft = tell(story("s01", text=text), model)
    assert not draft.passed
    assert draft.thin
    assert "beyond its title" in str(draft.reason)
    assert draft.entry is not None


def test_a_plain_headline_comes_first_and_is_the_title() -> None:
    """What was ordered is said once, in the title; how much of it stands below."""
    text = "Acme orders Whale chips: in a deal of several years, Acme will fit Orca into 6GW sites."
    told = story("s01", text=text)
    mention = told.mentions[0].model_copy(update={"lead": "Acme orders Whale chips"})
    told = told.model_copy(update={"mentions": (mention,)})
    model = FakeModel(
        always=translations(
            orders="Acme订购Whale芯片。", deal="在为期数年的交易中，Acme将把Orca装入6GW的站点。"
        )
    )
    entry = tell(told, model).published_entry
    assert entry.title == "Acme 订购 Whale 芯片"
    assert entry.summary.startswith("在为期数年的交易中，Acme 将把 Orca 装入 6GW")


def test_what_names_nothing_of_its_headline_gives_its_place_away() -> None:
    """A speed is of a model that only the headline names."""
    text = "Acme reached 28 tokens a second in a test, while Whale over TCP stopped at 16 tokens."
    told = story("s01", text=f"One Orca 2, two Egrets: {text}")
    mention = told.mentions[0].model_copy(update={"lead": "One Orca 2, two Egrets"})
    told = told.model_copy(update={"mentions": (mention,)})
    answer = "Acme 在测试中每秒达到 28 个 token，而 Whale 通过 TCP 停在 16 个 token。"
    assert tell(told, FakeModel(always=lambda _: {"text": answer})).thin
    untitled = tell(story("s01", text=text), FakeModel(always=lambda _: {"text": answer}))
    assert untitled.passed


def test_an_english_predicate_is_no_answer() -> None:
    """Launched has a capital, and is no name."""
    text = "Acme released Orca 2 for all users, and it was Launched today."
    answer = "Acme 发布的面向所有用户的 Orca 2 今天已 Launched。"
    assert tell(story("s01", text=text), FakeModel(always=lambda _: {"text": answer})).entry is None


def test_a_sentence_that_stays_wrong_is_left_out() -> None:
    """The others are told; its number stands nowhere."""
    wrong = SECOND.replace("81.5", "91.5")
    model = FakeModel(always=translations(released=FIRST, scores=wrong))
    draft = tell(story("s01", text=ORCA), model)
    assert draft.passed
    assert draft.published_entry.summary == FIRST


def test_where_the_first_sentence_cannot_be_told_another_begins() -> None:
    """One that tells the event, too: of four benchmarks in a line the second."""
    text = (
        "Acme released Orca 2, which is under 50% on MMLU; "
        "Bench Labs added Whale Test, which has 24.6% for Orca 2."
    )
    told = "Bench Labs 增加了 Whale Test，Orca 2 的得分为 24.6%。"
    model = FakeModel(always=translations(released="Acme 发布了鲸鱼。", added=told))
    assert tell(story("s01", text=text), model).published_entry.summary == told


def test_what_follows_does_not_begin_where_another_sentence_may() -> None:
    """That a model found two bugs is no news before it is told that it is out."""
    text = (
        "Acme released Orca 2, which beat Whale on 80 tasks of SWE; "
        "Acme released Orca 2, which beat Whale; "
        "Orca 2 found 2 bugs that were confirmed later as real."
    )
    model = FakeModel(
        always=translations(
            tasks="鲸鱼赢了。",
            released="Acme 发布了击败 Whale 的 Orca 2。",
            found="Orca 2 发现了 2 个 bug，后来确认属实。",
        )
    )
    told = tell(story("s01", text=text), model).published_entry
    assert told.title == "Acme 发布击败 Whale 的 Orca 2"
    assert told.summary == "Orca 2 发现了 2 个 bug，后来确认属实。"


def test_a_poor_title_is_taken_where_there_is_no_other_and_gives_its_place_away() -> None:
    """A reader cannot tell from it what came out."""
    text = "Acme Labs released a library that records each call of a tool made by Orca 2."
    model = FakeModel(
        always=lambda _: {"text": "Acme Labs发布了一个库，能够逐条记录Orca 2发出的每一次工具调用。"}
    )
    draft = tell(story("s01", text=text), model)
    assert draft.entry is not None
    assert draft.entry.title.endswith("发布库")
    assert draft.thin
    assert not draft.passed


def test_an_entry_without_a_sentence_fails_and_says_why() -> None:
    """So that a spare takes its place."""
    model = FakeModel(always=lambda _: {"text": "Acme发布了Orca 2，参数量为7亿。"})
    draft = tell(story("s01", text=ORCA), model)
    assert not draft.passed
    assert draft.entry is None
    assert draft.reason.code == "failed_checks"
    assert "7 亿" in str(draft.reason)


def test_a_story_without_a_statement_fails_unasked() -> None:
    """There is nothing to translate."""
    draft = tell(story("s01", text="What do you all think of this?"), FakeModel())
    assert draft.entry is None


def test_a_model_that_gives_no_text_leaves_the_sentence_out() -> None:
    """What does not fit is no reason to end the run; a server that is gone is."""
    model = FakeModel([ModelInvalid("no"), {"text": SECOND}])
    assert tell(story("s01", text=ORCA), model).published_entry.summary == SECOND
    with pytest.raises(ModelUnavailable):
        tell(story("s01", text=ORCA), FakeModel([ModelUnavailable("gone")]))


def test_a_title_is_asked_for_where_the_first_clause_is_none() -> None:
    """The main clause is translated as a sentence of its own, and checked as one."""
    text = (
        "Acme, which makes small robots, says Orca 2 answers in less than 15 ms on a laptop, "
        "and it runs without a network."
    )
    sentence = (
        "在笔记本电脑上，制造小型机器人的Acme称，Orca 2可在15毫秒以内作答，且无需网络即可运行。"
    )
    short = "Acme 称 Orca 2 可在 15 毫秒以内作答。"
    model = FakeModel(always=lambda q: {"text": sentence if "network" in q.user else short})
    draft = tell(story("s01", text=text), model)
    assert draft.published_entry.title == short.rstrip("。")


def test_the_examples_are_shared_by_all_questions() -> None:
    """So that a server reads them once."""
    asked = list(first_questions(choice(story("s01", text=ORCA))))
    assert asked[0].system == asked[1].system
    assert asked[0].examples == asked[1].examples == load_prompt("translate_sentence").examples


def test_nothing_is_made_less_that_is_not_less() -> None:
    """`compared to 5` says for itself which is more; 少 stays where the English has less."""
    text = "Orca 2 achieves 49 steps on the Whale test, compared to 5 steps of Orca 1."
    turned = "Orca 2 在 Whale 测试中达到 49 步，比 Orca 1 的 5 步要少。"
    assert tell(story("s01", text=text), FakeModel(always=lambda _: {"text": turned})).entry is None
    text = "Orca 2 needs 5 steps on the Whale test, fewer than the 49 steps of Orca 1."
    told = "Orca 2 在 Whale 测试中需要 5 步，比 Orca 1 的 49 步要少。"
    entry = tell(
        story("s01", text=text), FakeModel(always=lambda _: {"text": told})
    ).published_entry
    assert entry.summary == told


def test_a_product_is_no_book() -> None:
    """The model sets names between the marks of a book."""
    told = FIRST.replace("Orca 2", "《Orca 2》")
    model = FakeModel(always=translations(released=told, scores=SECOND))
    assert tell(story("s01", text=ORCA), model).published_entry.summary == FIRST + SECOND
