"""English statement -> subject and verb: whether it is a whole sentence that says who did what.

No parser: a list of the verbs that news are told with, and where the first of them that is finite
stands. It is meant to miss a sentence rather than take a fragment for one; it does not cover
questions, imperatives and inverted sentences, which are not statements here.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

# Verbs that news of the field are told with, by their bare form.
_REGULAR: Final = """
accelerate accept access accuse achieve acquire adapt add address adopt advance affect aim allow
announce answer appear apply argue arrive ask assess attach attract automate avoid balance ban base
beat become begin believe benchmark block boast boost bring broaden bundle buy call cap capture
carry catch cause caution challenge change charge charm check choose cite claim clarify climb close
collapse combine come commit compare complete compress compute conclude configure confirm connect
consider consume contain continue contrast contribute control convert copy correct cost cover crash
create cross cut debut decide declare decline decode decrease deliver demonstrate deploy deprecate
derive describe design detail detect determine develop differ direct disable disclose discontinue
discover discuss distill distribute divide document double downgrade draw drive drop earn edit
eliminate embed emerge emit employ enable encode encounter end enforce enhance enter equal estimate
evaluate exceed execute expand expect experiment explain explore export expose express extend
extract face facilitate fail fall feature file finance find finetune finish fit fix flag flip focus
follow forbid force form found frame fund gain gather generate give go grant group grow halt halve
handle have help hide highlight hint hire hit hold host identify implement import impose improve
include incorporate increase indicate infer inform inherit inject insist install integrate intend
introduce invent invest involve isolate issue join jump keep kill know lack land last launch lay
lead leak learn leave lend let leverage lie lift limit list load lose lower maintain make manage
map mark match mean measure mention merge migrate miss model modify monitor move name narrow need
note notice notify observe obtain occupy offer open operate optimise optimize order organise organize
outline outpace outperform outrun outscore overtake own pair partner pass patch pay perform permit
pick pitch place plan play point ponder portray position post postpone power praise predict prefer
prepare present preserve prevent price process produce promise prompt propose prove provide publish
pull push put quantise quantize question quote raise range rank rate reach read realise realize rebuild
recall receive recognise recognize recommend record recover reduce refer refine reflect refuse
reject relate relax relay release rely remain remove rename render repair replace reply report
represent reproduce request require rescue reset resolve respond restrict result retain retire
retrieve return reveal reverse review revise reward rewrite ride rise roll route run rush save say
scale scan schedule score search secure see seek select sell send separate serve set settle shape
share shift ship shorten show shrink sign signal simplify simulate sit skip slip slow solve sort
spark spend split spot spread stack stand start state stay steer stop store stream strengthen
stretch struggle study submit succeed sue suffer suggest summarise summarize supply support surface
surpass surprise survive suspend sustain switch take talk target teach tease tell tend test think
threaten throttle tie top total touch track trade train transcribe transfer transform translate trail
treat trigger trim triple troubleshoot try tune turn unify unlock unveil update upgrade upload urge
use utilise utilize validate value verify view visit vote wait walk want warn watch weigh welcome win
withdraw withhold wonder work worry wrap write yield
accumulate activate amount animate appeal attend backfire blame block bridge burn calculate
characterise characterize climb cache clear complain concern consolidate constrain counter credit
criticise criticize deepen defend delay deprive dispute doubt endorse engineer escape estimate
examine exhaust fetch filter fire fuel guide ignore illustrate inspect interpret invite kick link
mirror mix nail obey overhaul parse permit pioneer pivot poll predate push quit rebut recite regress
reinforce remind repeat replicate rival scrape signal sketch slash soar spell stall strip surface
synthesise synthesize tackle tighten tolerate top transcribe traverse unite vary vow warrant welcome
widen join
""".split()
_IRREGULAR: Final = (
    "beat became began bought broke brought built came chose cost cut dealt drew drove fell felt fit"
    " forbade found gave got grew had heard held hid hit kept knew laid led left lent let lost made"
    " meant met overtook paid put ran read rebuilt rewrote rode rose said sat saw sent set shook"
    " showed shrank slid sold spent split spoke spread stood swept taught thought threw told took"
    " understood went withdrew withheld won wrote outran outdid undercut"
)
_AUXILIARIES: Final = frozenset(
    "is are was were has have had will can could may might would should must does did do isn't"
    " aren't wasn't weren't hasn't haven't won't can't cannot couldn't doesn't didn't don't"
    " isn’t aren’t wasn’t weren’t hasn’t haven’t won’t can’t couldn’t doesn’t didn’t don’t".split()
)
# What may be a noun as well as a verb, in the form of the third person.
_ALSO_NOUNS: Final = frozenset(
    "accesses addresses advances aims answers appeals bans bases benchmarks blocks boosts bundles"
    " calls causes challenges changes charges checks claims closes comes commits compares computes"
    " contrasts controls copies costs covers crashes cuts debuts declines decreases deploys designs"
    " details documents doubles draws drives drops edits ends estimates experiments exports extracts"
    " faces features files finds fixes flags forces forms frames funds gains gives grants groups"
    " handles helps hints hits holds hosts imports increases issues joins jumps keeps kills lacks"
    " lands leads leaks leaves lets lies lifts limits links lists loads looks maps marks matches"
    " means measures mentions models moves names needs notes notices offers opens orders outlines"
    " owns pairs partners passes patches pays picks pitches places plans plays points posts powers"
    " prices processes prompts pulls pushes questions quotes raises ranges ranks rates reaches reads"
    " records releases relays replies reports requests results returns reviews rewards rides rises"
    " rolls routes runs saves says scales scans schedules scores searches sees sets shapes shares"
    " shifts ships shows signals signs slips sorts sparks spots stacks stands starts states stays"
    " stops stores streams studies supplies supports surfaces switches takes talks targets tests"
    " tops touches tracks trades trains transfers treats triggers trims tries tunes turns updates"
    " upgrades uploads uses values views visits votes waits walks wants watches weights wins works"
    " worries wraps yields".split()
)
_PARTICIPLE_BEFORE = frozenset(
    "by on as using from with in at for to via into through under over of and or across within"
    " between against during".split()
)
_ADVERBS = frozenset("also just now even only".split())
# What is a participle after any noun: a model called Orca, a kernel based on Triton.
_PARTICIPLES = frozenset(
    "named called based given used dubbed titled labelled labeled made seen built written known"
    " priced compared associated trained designed powered aimed focused".split()
)
_RELATIVE = frozenset("that which who whose where when while whether if because".split())
_DETERMINERS = frozenset(
    "a an the its their his her our this that these those each every all some many most several few"
    " no any both another more less fewer up down back out over off only just now not also even one"
    " two three four five six seven eight nine ten twice half".split()
)
_BEFORE_A_NOUN = frozenset(
    "a an the its their his her our this these those each some many several new no any both other"
    " of for in on with from by to and or own more most recent first last latest".split()
)
_PRONOUNS: Final = frozenset(
    "it they he she we i you this that these those there here what who how why when where if see"
    " check note one another others both some such which while though although because as since so"
    " also or and but then thus hence plus nor whether whatever yes no please thanks let".split()
)
_MAX_SUBJECT = 16  # words before the verb
_WORD = re.compile(r"[^\s,;:—–()“”\"]+|[,;:—–]")
_ADJUNCT = re.compile(
    r"(?:in|at|on|for|with|by|after|before|during|since|under|according|across|within|among|from"
    r"|despite|unlike|like|following|beyond|besides|through|to|per|\w+ed|\w+ing)$",
    re.IGNORECASE,
)


def _inflected(stems: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the forms of the third person and of the past."""
    third, past = set(), set()
    for stem in stems:
        ends_y = stem.endswith("y") and stem[-2] not in "aeiou"
        if ends_y:
            third.add(f"{stem[:-1]}ies")
            past.add(f"{stem[:-1]}ied")
        else:
            third.add(stem + ("es" if stem.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"))
            past.add(stem + ("d" if stem.endswith("e") else "ed"))
            past.add(f"{stem}{stem[-1]}ed")
    return frozenset(third), frozenset(past)


_THIRD, _REGULAR_PAST = _inflected(_REGULAR)
_PAST = _REGULAR_PAST | frozenset(_IRREGULAR.split())
_BARE = frozenset(_REGULAR)


SAYING: Final = re.compile(
    r"(?:say|said|note|report|claim|argu|suggest|highlight|explain|warn|caution|find|found|observ"
    r"|provid|describ|show|detail|outlin|stat|believ|think|estimat|predict|conclud|mention|point)\w*"
)
"""Verbs of who only tells what others did."""


class Clause(NamedTuple):
    """A statement, cut at its verb."""

    adjunct: str
    """What stands before the subject, its comma included; mostly empty."""
    subject: str
    """The words before the verb."""
    verb: str
    """Its first finite verb, in small letters."""
    rest: str
    """What follows the verb."""


def read_clause(text: str) -> Clause | None:
    """Cut a statement at its verb; None for what is no statement, as far as one can tell."""
    words = [found for found in _WORD.finditer(text)]
    start = _subject_start([found[0] for found in words])
    if start is None:
        return None
    tokens = [found[0] for found in words[start:]]
    at = _finite_verb(tokens)
    if at is None:
        return None
    first, verb = words[start], words[start + at]
    return Clause(
        adjunct=text[: first.start()].strip(),
        subject=text[first.start() : verb.start()].strip(" ,—–"),
        verb=verb[0].casefold(),
        rest=text[verb.end() :].strip(),
    )


def _subject_start(tokens: Sequence[str]) -> int | None:
    """Say where the subject begins: after what stands before it up to a comma."""
    if not tokens or not _ADJUNCT.match(tokens[0]) or _is_name(tokens[0], 2):
        return 0 if tokens else None
    head = tokens[:_MAX_SUBJECT]
    comma = head.index(",") if "," in head else None
    if tokens[0].endswith(("ed", "ing")) and _finite_verb(tokens[:comma]) is not None:
        return 0
    return None if comma is None else comma + 1


def _finite_verb(tokens: Sequence[str]) -> int | None:
    """Find the first finite verb of the main clause."""
    skip = 0
    for at, token in enumerate(tokens[: _MAX_SUBJECT + 4]):
        word = token.casefold()
        if at and word in _RELATIVE:
            skip += 1
        elif at and _is_finite(tokens, at):
            if not skip:
                return at
            skip -= 1
        elif token in ";:":
            return None
    return None


def _is_finite(tokens: Sequence[str], at: int) -> bool:
    word = tokens[at].casefold()
    before = next((it for it in reversed(tokens[:at]) if not it.endswith("ly")), tokens[0])
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in _AUXILIARIES:
        return True
    if before.casefold() in _BEFORE_A_NOUN:
        return False
    if word in _THIRD:
        return word not in _ALSO_NOUNS or _takes_object(before, after)
    if word in _PAST:
        return _is_past(word, before, after)
    plural = before.endswith("s") and not before.endswith(("ss", "'s", "’s", "us", "is"))
    plural = plural or "and" in tokens[:at]
    object_follows = _takes_object("", after) or after in _PAST
    return word in _BARE and plural and object_follows


def _is_past(word: str, before: str, after: str) -> bool:
    """Whether it is the past of a verb rather than its participle: `trained a model`."""
    if after.casefold() == "by" or before.casefold() in _DETERMINERS - _ADVERBS:
        return False
    if _is_name(before, 1) and before[-1:].isalnum():
        return word != "based"
    return after.casefold() not in _PARTICIPLE_BEFORE and word not in _PARTICIPLES


def _takes_object(before: str, after: str) -> bool:
    """Whether what follows a word is what follows a verb."""
    low = after.casefold()
    return bool(
        low in _DETERMINERS
        or low in _PARTICIPLE_BEFORE - {"and", "or", "of"}
        or re.match(r"[\d$€£~#≈“\"+-]", after)
        or (after and _is_name(after, 1))
        or (before and _is_name(before, 1) and after.isalpha())
    )


def _is_name(token: str, at: int) -> bool:
    """Whether a word looks like a name: a capital from its nth letter on, or a figure in it."""
    return re.search(r"[A-Z]", token[at - 1 :]) is not None or re.search(r"\d", token) is not None


def is_statement(text: str) -> bool:
    """Whether a text is a whole statement with a subject of its own."""
    clause = read_clause(text)
    if clause is None or not clause.subject or "?" in text:
        return False
    words = clause.subject.split()
    return (
        len(words) <= _MAX_SUBJECT
        and words[0].casefold().strip(",") not in _PRONOUNS
        and bool(clause.rest)
    )


def starts_with_verb(text: str) -> bool:
    """Whether a text begins with a verb in the third person, as it does after a name: `adds X`."""
    words = _WORD.findall(text)[:2]
    return len(words) > 1 and words[0] in _THIRD and _takes_object("", words[1])
