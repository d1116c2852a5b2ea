"""The lines of an event become whole English sentences, the first of which says who did what."""

import time

import pytest

from build import mention
from pipeline.records import IssuePart, Mention, Story, cut_lines
from pipeline.translate.sentences import event_sentences, further_sentences, how_told


def bullet(text: str, lead: str = "", part: IssuePart = "twitter") -> Mention:
    """Make a mention of some text."""
    return mention(text, lead=lead, part=part)


def event_of(*mentions: Mention) -> Story:
    """Make an event of its mentions."""
    named = [it.model_copy(update={"id": f"m{at:03}"}) for at, it in enumerate(mentions, 1)]
    return Story(id="s01", mentions=tuple(named))


def told(*mentions: Mention) -> list[str]:
    """List the sentences that tell an event."""
    event = event_of(*mentions)
    return [sentence.text for sentence in event_sentences(event, kind="news")]


def evidence_lines(event: Story) -> list[str]:
    """List the lines of an event as an entry numbers them."""
    return [line.text for it in event.mentions for line in cut_lines(it.id, it.text)]


@pytest.mark.parametrize(
    ("text", "lead", "first"),
    [
        (
            "Orca-2: Acme released Orca-2, a 3B speech model under MIT.",
            "Orca-2",
            "Acme released Orca-2, a 3B speech model under MIT.",
        ),
        (
            "Orca-2: adds streaming to 12 languages.",
            "Orca-2",
            "Orca-2 adds streaming to 12 languages.",
        ),
        (
            "Orca-2: a 3B speech model under the MIT licence.",
            "Orca-2",
            "Orca-2 is a 3B speech model under the MIT licence.",
        ),
        (
            "Orca-2: a new model converts speech into text in 12 languages.",
            "Orca-2",
            "A new model, Orca-2, converts speech into text in 12 languages.",
        ),
        (
            "Orca-2: Acme opened the model to all developers for $2 a month.",
            "Orca-2",
            "Acme opened the model Orca-2 to all developers for $2 a month.",
        ),
        (
            "Orca-2: Acme built a speech model that runs on one GPU.",
            "Orca-2",
            "Acme built Orca-2, a speech model that runs on one GPU.",
        ),
        (
            "Orca-2:\n  - Acme released Orca-2, a 3B speech model under MIT.",
            "Orca-2",
            "Acme released Orca-2, a 3B speech model under MIT.",
        ),
        (
            "Fast layers: matrix layers on Orca-2 chips need 45% less memory, Acme reports.",
            "Fast layers",
            "Matrix layers on Orca-2 chips need 45% less memory, Acme reports.",
        ),
        (
            "Acme launches Orca-2 (Activity: 123): The picture shows a whale.",
            "Acme launches Orca-2",
            "Acme launches Orca-2.",
        ),
        (
            "Speech got cheaper: Acme cut the price of Orca-2 by 20% (@acme, tweet).",
            "Speech got cheaper",
            "Acme cut the price of Orca-2 by 20%.",
        ),
        (
            "Acme shipped Orca-2 to 40,000 users @acme, @jo_doe.",
            "",
            "Acme shipped Orca-2 to 40,000 users.",
        ),
        (
            "Acme bought Bravo for $2B @acme, with Bravo confirming the deal @bravo.",
            "",
            "Acme bought Bravo for $2B, with Bravo confirming the deal.",
        ),
        (
            "Acme shipped Orca-2 for $1.75 (input) and $14 (output) (docs, @acme).",
            "",
            "Acme shipped Orca-2 for $1.75 (input) and $14 (output).",
        ),
        (
            "@OpenAI and @AnthropicAI released a shared test for agents.",
            "",
            "OpenAI and Anthropic released a shared test for agents.",
        ),
    ],
)
def test_the_first_sentence_says_who_did_what(text: str, lead: str, first: str) -> None:
    """The headline's name stands where the grammar leaves a place for it; the frame is gone."""
    assert told(bullet(text, lead))[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "What do you think of Orca-2 and its new voice?",
        "Try Orca-2 with the new Acme command line today.",
        "Better voices, lower prices and a new Acme office.",
        "They released it under the MIT licence last week.",
        "It is unclear whether Acme will release the weights.",
        "jo_doe said the Acme model is good at poems.",
        "Sick! was the answer of one user to Acme.",
    ],
)
def test_what_is_no_statement_with_a_known_subject_is_left_out(text: str) -> None:
    """Questions, imperatives, fragments, and what only begins with a pronoun."""
    assert told(bullet(text)) == []


def test_what_says_by_name_what_was_paused_comes_before_its_use() -> None:
    """A sentence on `its use` had headed an entry, which then said nowhere what of."""
    unclear = "Acme paused its use after the voice was found to resemble a singer."
    clear = "Acme paused the use of the Orca voice after questions about a singer."
    assert told(bullet(f"{unclear} {clear}"))[0] == clear


def test_figures_and_qualifiers_follow_the_event() -> None:
    """One to three sentences, in the order of the text, none that says it again."""
    text = (
        "Acme released Orca-2, a speech model for phones. It reads a book in 20 seconds, its author"
        " claims. Orca-2 costs $2 per million tokens. Per million tokens, Orca-2 costs $2. I love"
        " this voice, and Orca-2 sings."
    )
    assert told(bullet(text)) == [
        "Acme released Orca-2, a speech model for phones.",
        "Orca-2 reads a book in 20 seconds, its author claims.",
        "Orca-2 costs $2 per million tokens.",
    ]


@pytest.mark.parametrize(
    "word", ["reportedly", "allegedly", "supposedly", "apparently", "only", "never", "claims it"]
)
def test_a_qualifier_is_never_cut_away(word: str) -> None:
    """A long sentence with one in its tail keeps the tail, or is left out as a whole."""
    head = "Acme released Orca-2, a speech model for phones, tablets, cars and very old computers"
    tail = f"which {word} learned from 40,000 hours of recordings that volunteers had read aloud"
    sentences = told(bullet(f"{head}, {tail}."))
    assert all(word in sentence for sentence in sentences)


def test_a_tail_that_says_what_to_think_of_it_goes() -> None:
    """As does a pointer to where more can be read."""
    assert told(
        bullet("Acme cut the price of Orca-2 by 20%, highlighting a brutal race to the bottom.")
    ) == ["Acme cut the price of Orca-2 by 20%."]
    assert told(bullet("Acme ships Orca-2 to all developers, with details in this blog post.")) == [
        "Acme ships Orca-2 to all developers."
    ]


def test_a_long_sentence_is_cut_where_both_halves_are_whole() -> None:
    """At a semicolon or a conjunction, each with its own subject."""
    text = (
        "Acme released Orca-2 with 24B parameters for machines that have 32GB of memory, while"
        " Bravo raised the price of Dingo by 30% for all of its customers; Cato 3 finds 24.6%."
    )
    assert told(bullet(text)) == [
        "Acme released Orca-2 with 24B parameters for machines that have 32GB of memory.",
    ]
    caveat = (
        "Orca-2 reportedly solved all 183 levels of the Acme test in public environments, though Jo"
        " Doe cautioned that Orca-2 has seen the public levels."
    )
    assert told(bullet(caveat)) == [
        "Orca-2 reportedly solved all 183 levels of the Acme test in public environments.",
        "Jo Doe cautioned that Orca-2 has seen the public levels.",
    ]


def test_lists_are_not_torn() -> None:
    """The last name of a list is no subject of its own."""
    text = (
        "Acme, Bravo, and Cato are accused of opening 24,000 sham accounts at Dingo Labs to draw"
        " 16 million conversations out of it."
    )
    assert told(bullet(text)) == [text]


def test_it_is_said_by_name_where_the_name_is_certain() -> None:
    """What was released, or the product that the headline names; else the sentence goes."""
    assert told(bullet("Acme released Orca-2. It supports 12 languages and 3 accents."))[1:] == [
        "Orca-2 supports 12 languages and 3 accents."
    ]
    assert (
        told(bullet("Acme met Bravo in Paris. It supports 12 languages and 3 accents."))[1:] == []
    )


def test_another_event_of_the_same_bullet_is_not_told() -> None:
    """The line says so itself: separately, meanwhile."""
    text = (
        "Acme released Orca-2, a speech model for phones. Separately, Bravo introduced Dingo, a"
        " robot with 22 joints."
    )
    assert told(bullet(text)) == ["Acme released Orca-2, a speech model for phones."]


def test_who_says_it_stays() -> None:
    """Before a colon, in a clause of its own, or as a post on Reddit."""
    assert told(bullet("Jo Doe explains: Orca-2 calls a calculator for 5% of all questions.")) == [
        "Orca-2 calls a calculator for 5% of all questions, according to Jo Doe."
    ]
    post = "Orca-2 is slow (Activity: 80): The post reports that Orca-2 writes 12 tokens a second."
    assert told(bullet(post, "Orca-2 is slow", "reddit")) == [
        "A Reddit post reports that Orca-2 writes 12 tokens a second."
    ]


def test_each_sentence_has_the_lines_that_it_was_made_of() -> None:
    """Numbered over all mentions of the event, as the entry's evidence lines are."""
    long = "Acme " + "and its many friends in the old town by the sea " * 5 + "met in May."
    first = bullet(f"{long} Acme released Orca-2.\n- Orca-2 costs $2 a month.", part="twitter")
    second = bullet("Acme's Orca-2 runs on 32GB of memory.", part="discord")
    event = event_of(first, second)
    lines = evidence_lines(event)
    for sentence in event_sentences(event, kind="tool"):
        assert len(sentence.lines) == 1
        assert sentence.text.rstrip(".") in lines[sentence.lines[0] - 1]
    assert len(event_sentences(event, kind="tool")) == 3


def test_how_well_a_story_can_be_told() -> None:
    """In whole where a sentence names who did it, in part where none does, or not at all."""

    def how(text: str) -> str:
        return how_told(event_of(bullet(text)), kind="news")

    assert how("Acme released Orca-2, a speech model.") == "whole"
    assert how("Leaks indicate that Acme is building Orca-2.") == "whole"
    assert how("A new speech model scored 94.3 on the Orca-2 test.") == "partly"
    assert how("Nice weather for a walk.") == "not"


def test_a_plain_headline_comes_first_unless_others_say_what_it_names() -> None:
    """What was ordered is told before how much of it; the same is not told twice."""
    lead = "Acme orders Whale chips"
    text = f"{lead}: in a deal of several years, Acme will fit Orca into sites of 6GW."
    assert told(bullet(text, lead))[0] == "Acme orders Whale chips."
    text = f"{lead}: Acme signed a contract for 40,000 Whale chips and a factory in the south."
    assert told(bullet(text, lead)) == [
        "Acme signed a contract for 40,000 Whale chips and a factory in the south."
    ]


def test_who_announces_is_named_by_a_headline_that_names_them() -> None:
    """An account alone says nothing; beside a headline of who did what it is theirs."""
    lead = "Acme raises $500M"
    text = f"{lead}: @annroe announces a round for the Whale, a chip with memory for long contexts."
    assert any(one.startswith("Acme announces a round") for one in told(bullet(text, lead)))
    text = "Orca: @annroe announces a round for the Whale, a chip with memory for long contexts."
    assert not any("announces" in one for one in told(bullet(text, "Orca")))


def test_a_post_is_no_source_beside_a_word_of_doubt() -> None:
    """It stays where nothing else says that it is not certain."""
    one = "Leaks indicate that Acme is developing Orca, a model for films, according to a post."
    assert told(bullet(one)) == ["Leaks indicate that Acme is developing Orca, a model for films."]
    one = "Acme is developing Orca, a model for films, according to the same post."
    assert told(bullet(one)) == [one]


def test_a_sentence_by_the_way_tells_an_event_in_part() -> None:
    """Its headline is about something else."""
    lead = "Orca and Whale move figures"
    text = f"{lead}: poses look three-dimensional. A Byron 5090 ran 26 minutes to compute 6 steps."
    assert how_told(event_of(bullet(text, lead)), kind="news") != "whole"


def test_an_account_that_nobody_knows_tells_nothing() -> None:
    """A name that the checks would not find in the evidence is not made of it."""
    assert told(bullet("@jo_doe_99 released Orca-2, a speech model.")) == []
    assert told(bullet("@NVIDIAAI released Orca-2, a speech model.")) == [
        "NVIDIA released Orca-2, a speech model."
    ]


def test_what_somebody_else_did_does_not_go_on_with_an_event() -> None:
    """Another party of the bullet is left out; who goes on about the same stays."""
    event = event_of(
        bullet(
            "Orca v0.2 added sandboxed worktrees and sessions. Heron Agent moved its workflows into "
            "Slack and Teams. Users measured 40 tokens a second with it on a laptop. Dingo "
            "made Egret its default model."
        )
    )
    further = [one.text for one in further_sentences(event, kind="tool")]
    assert not any("Slack" in one or "Egret" in one for one in further)
    assert any("laptop" in one for one in (*told(*event.mentions), *further))


def test_the_word_that_begins_a_sentence_is_no_name_of_the_event() -> None:
    """Whichever of the sentences that are told it begins: another party is still left out."""
    event = event_of(
        bullet(
            "Acme released Orca-2, a speech model. A new paper shows that Orca-2 reads a book in 20 "
            "seconds. A test shows Orca-2 at 30 tokens per second. Early users run Orca-2 on "
            "phones in 12 languages. Bravo shipped Dingo to all of its customers today."
        )
    )
    assert [one.text for one in further_sentences(event, kind="tool")] == [
        "Early users run Orca-2 on phones in 12 languages."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Acme, Bravo " * 40_000,
        "Acme released Orca, and Bravo released Dingo " * 10_000,
        "((((" * 50_000,
        "@a, " * 50_000,
        "a; " * 50_000,
        "x — " * 50_000,
        "Acme was " * 50_000,
        "\n".join(["- Acme released Orca."] * 20_000),
    ],
)
def test_a_huge_line_costs_little(text: str) -> None:
    """What is looked at of a line and of a mention is bounded."""
    start = time.process_time()
    told(bullet(text))
    assert time.process_time() - start < 2
