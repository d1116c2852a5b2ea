"""What an entry does not begin with, since nobody does anything in it, and what it says twice."""

import pytest

from build import mention, story
from pipeline.records import IssuePart, Story
from pipeline.translate.sentences import event_sentences, facts_told, how_told


def told(text: str, lead: str = "", part: IssuePart = "twitter") -> list[str]:
    """List the sentences that tell the event of one mention."""
    event = Story(id="s01", mentions=(mention(text, lead=lead, part=part),))
    return [sentence.text for sentence in event_sentences(event, kind="news")]


@pytest.mark.parametrize(
    "text",
    [
        # Somebody without a name only talks.
        "A Whale-centric roundup emphasizes workflows of agents and shocks of pricing.",
        "Other prominent builders echoed the complaint that Acme had cut off free apps.",
        "A concise snapshot claims open models are nearing Orca 4.5 on the Whale test.",
        "Discussion centers on a report that Acme is buying Orca for $3 billion.",
        "Across Whale Mode and LM Pond, people debated used Byron 3090 cards.",
        "Interpretation split between doubts about Acme and belief in its robots.",
        "Subsequent submissions showed further improvements, with 1590 µs on a Byron 100.",
        "Top technical advice was to reserve tokens of Orca for tasks that are worth it.",
        "Memory was the main technical concern for running Orca 2.",
        "VibeOrca-3B stood out as a milestone of small models.",
        # What is praised, or drew attention.
        "Despite the limits of Mojo on GPUs, the benefits of Orca are enunciated on GitHub.",
        "The launch of Orca TV, a platform for games, has caught the community's attention.",
        "Ann Roe and Jo Doe shared their thoughts.",
        "The GPT offers insights into the use of Orca.",
        # What a thing is that may be old.
        "BM25 is a retrieval function that ranks documents by the words of a query.",
        # What is around a thing.
        "The Orca Game Jam has announced its winners, among them Whale's Fate.",
        "The deadline for the certificate of the Orca course is 1 May.",
        "Orca 2 has to be the worst model for files of HTML that Acme ever released.",
        "Jo Doe shared a link for Orca 2.",
        # What goes on with something that was said before.
        "Despite this, Orca 2 is still noted for its 94 points on the Whale test.",
        "Separate threads compare the fields of the Whale test with those of Orca 2.",
        "Other notable releases are Acme's Orca 2 and Whale's Egret 3.",
        "Orca 2 confirmed in February what an earlier post had shown.",
        "Orca 2 reached 28.3 t/s on the cluster, while Whale 4 stopped at 16.4 t/s.",
        "Maintainers of Acme indicated that they apply the same fix to Orca 2.",
        # Somebody is told to do something, and a noun that looks like a verb.
        "Upload a picture of Orca 2 and ask if it was drawn by Acme.",
        "Unified tracking of people in Orca 2, with strong data gains (4M phrases).",
        "The lack of a Whale test for Orca 2 complicates 12 comparisons.",
        # Fragments.
        "Nightly full indexing of ~3000 notes in 4 min on an Orca M3.",
        "Core parts include: prime-RL for asynchronous distributed RL, and TOPLOC for proofs.",
        "An image of 768x1344 generated in 100 seconds with Orca.",
    ],
)
def test_what_is_no_event_begins_no_entry(text: str) -> None:
    """Who talks, what is praised, a definition, a contest, a fragment."""
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A study by Acme claims Orca 4.5 writes 40% of all new code.",
        "Acme employees showcased Orca 2, a robot with 22 joints.",
        "OrcaDB is a database purpose-built for the traces of agents.",
        "Orca-TTS is a new open model that reads a book in 20 seconds.",
        "Acme set the deadline for moving from Orca 1 to 1 May.",
        "Acme notes 3000 users of Orca.",
        "Claude 4 scores high on the Whale test with 94.3%.",
        "The Acme team released Orca 2 with 40,000 hours of speech.",
        "Anthropic engineers report that Orca writes 40% of all new code.",
    ],
)
def test_what_is_an_event_still_begins_one(text: str) -> None:
    """A named study, a new thing that is explained, a name before a figure and a verb."""
    assert told(text) == [text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("In /r/LocalModels, Orca-2 was released under MIT.", "Orca-2 was released under MIT."),
        ("Acme also announced Orca Labs, a team of 40.", "Acme announced Orca Labs, a team of 40."),
        (
            "vLLM published a recipe with settings for the context length in @vllm_project.",
            "vLLM published a recipe with settings for the context length.",
        ),
        (
            "The Orca package was recently added to Whale, see the whale/prototype/orca.",
            "The Orca package was recently added to Whale.",
        ),
        (
            "The Orca framework—a tool for phones, as its logo suggests—is now open source.",
            "The Orca framework is now open source.",
        ),
        (
            "Acme announced it has acquired Invisible, a team with 40 engineers.",
            "Acme announced it has acquired Invisible, a team with 40 engineers.",
        ),
    ],
)
def test_a_first_sentence_stands_alone(text: str, first: str) -> None:
    """Without where it was posted, what came before it, and where to look."""
    assert told(text)[0] == first


def test_a_clause_is_not_cut_from_who_says_it() -> None:
    """Nor from what is done meanwhile, or from a list that goes on."""
    both = (
        "Ann Roe reported that Orca Labs, a startup from Acme, is in talks to raise $1B for the"
        " development of open models, and Whale is being backed at $2B for its voice agents."
    )
    assert not any(one.startswith("Whale") for one in told(both))
    meanwhile = (
        "Acme put Orca into its app for phones, letting users start tasks, review outputs, and"
        " approve commands while Orca continues running on a laptop or a small computer."
    )
    assert not any(one.startswith("Orca continues") for one in told(meanwhile))
    listed = (
        "Acme released SDK 6 with support for local agents, approval of tools, full integration of"
        " the Whale protocol, better tools for developers, and standardized schemas for its JSON."
    )
    assert not any(one.endswith(",.") for one in told(listed))
    with_same = "A test of Orca ended; with a similar number of tabs, Orca uses 8% of a core."
    assert told(with_same) == ["With a similar number of tabs, Orca uses 8% of a core."]


def test_what_strangers_say_below_a_post_is_not_told() -> None:
    """Neither the summary of their comments nor what each of them says."""
    text = (
        "Orca 2 is out (Activity: 660): Acme released Orca 2 with 40B parameters. There is"
        " skepticism about the tests. Orca 2 may be on par with Whale 4 in coding.\n"
        "    - jo_doe: Jo Doe says Orca 2 is slower than Whale 4 by 30%."
    )
    post = mention(text, lead="Orca 2 is out", part="reddit", activity=660)
    event = Story(id="s01", mentions=(post,))
    said = [sentence.text for sentence in event_sentences(event, kind="news")]
    assert said == ["Acme released Orca 2 with 40B parameters."]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Acme released Orca 2, a model of 40B parameters.", "whole"),
        ("Orca 2 is now available in the app of Acme.", "whole"),
        ("A report by Acme found that Orca 2 writes 40% of all code.", "whole"),
        ("An Acme kernel called Orca 2 runs 30% faster.", "whole"),
        # One of a sort, and nobody knows which.
        ("An Acme framework designed for reliability of agents reduces drift by 40%.", "partly"),
        ("The SDK introduces 12 ways to change the model of Orca 2.", "partly"),
        ("A 15-year-old founder built a platform with Orca 2 for 50,000 readers.", "not"),
        # Nobody does anything.
        ("Orca 2 is relegated to the tasks that Acme has for it.", "partly"),
        # What somebody says, told without who says it.
        ("A member reported that Orca uses 0.2% of a core. Orca 2 uses 8% of a core.", "partly"),
    ],
)
def test_who_does_what_is_told_in_whole(text: str, how: str) -> None:
    """Somebody by name does something, or there is a figure."""
    assert how_told(Story(id="s01", mentions=(mention(text),)), kind="news") == how


def test_what_another_party_did_is_another_event() -> None:
    """It has no name of the first; who speaks of it, and what it is of, stays."""
    first = "Acme released Orca 2, a reader of scans with 40B parameters."
    assert told(f"{first} Egret added 12 commands for the data of robots.", "OCR") == [first]
    older = "Acme said that it found a fault in Orca 1.5, which lies about 5% of all sums."
    assert told(f"{first} {older}", "OCR") == [first]
    said = "Ann Roe says Orca 2 reads 94% of all scans."
    assert told(f"{first} {said}", "OCR") == [first, said]


def test_a_name_that_is_put_in_is_cited() -> None:
    """The sentence rests on the line that has the name, too."""
    text = (
        "Orca 2 is a model for speech that a team of three wrote in their evenings at Acme, and"
        " whoever wants to may have it for nothing. It streams sound with 15 ms of latency and"
        " reads a book of 10 hours in 20 seconds, as the notes of the release say."
    )
    event = Story(id="s01", mentions=(mention(text, lead="Orca 2"),))
    streams = next(
        one for one in event_sentences(event, kind="tool") if one.text.startswith("Orca 2 streams")
    )
    assert streams.lines == (1, 2)


def test_a_tail_of_strangers_goes() -> None:
    """Whether it says what they plan or what they think."""
    text = "Ann Roe released a course on Orca 2, so a member is planning to follow the material."
    assert told(text) == ["Ann Roe released a course on Orca 2."]


def test_what_is_said_already_is_not_said_again() -> None:
    """The same figures, or the same names in other words; another figure is new."""
    text = (
        "The Orca v0.15.0 release adds training in MXFP8 and is 1.2x faster than bf16 on 64 nodes."
        " The new Orca v0.15.0 brings MXFP8, with 1.2x the speed of bf16, when trained on 64 nodes."
    )
    assert len(told(text)) == 1
    text = (
        "Acme announced pausing the use of the Sky voice in Orca while addressing user concerns."
        ' Acme paused the use of its voice "Sky" following questions from users.'
    )
    assert len(told(text)) == 1
    text = "Acme released Orca 2. Orca 2 from Acme costs $2 a month."
    assert len(told(text)) == 2

    text = "Orca 2 brings fast sums to a browser. Orca 2 brings sums that are fast to any browser."
    assert len(told(text)) == 1


def test_two_stories_with_the_same_figures_of_a_name_are_one() -> None:
    """A long figure, or two short ones; none that stands in the name itself."""
    first = facts_told(
        story("s01", text="Acme's Orca-1203 reached 1451 points on the Whale board.")
    )
    again = facts_told(story("s02", text="Acme's Orca‑1203 hit 1451 on the board, up 23 points."))
    other = facts_told(
        story("s03", text="Acme's Orca-1203 reached 1288 points on the Dingo board.")
    )
    assert first & again
    assert not first & other
    models = facts_told(story("s04", text="Acme releases orca-120b and orca-20b, its open models."))
    sizes = facts_told(story("s05", text="Acme has released Orca in sizes of 120B and 20B."))
    assert models & sizes


def test_two_stories_of_one_release_are_one() -> None:
    """A part of a product is another release."""
    out = facts_told(story("s01", text="Acme released Orca Pro, a model that draws."))
    again = facts_told(story("s02", text="Whale writes that Acme launched Orca Pro for all."))
    again |= facts_told(story("s03", text="Acme launched Orca Pro for all of its readers."))
    part = facts_told(story("s04", text="Acme launched Orca Pro skills for all of its readers."))
    assert out & again
    assert not out & part


def test_words_of_a_headline_are_no_name() -> None:
    """Several do something in it: nobody is called AI Tools Gain Traction."""
    text = "AI Tools Gain Traction: a new engine now finds faults of Acme code in 4 minutes."
    assert not any("Gain Traction," in one for one in told(text, "AI Tools Gain Traction"))
    event = Story(id="s01", mentions=(mention("Nice weather for a walk."),))
    assert how_told(event, kind="news") == "not"
