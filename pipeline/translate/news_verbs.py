"""The verbs that news of the field are told with, in the forms of a finite verb.

Data, not a rule: a statement with a verb that is not listed is taken for a fragment, and left out.
"""

from collections.abc import Iterable, Iterator
from typing import Final

_BASES = """
accelerate accept access accumulate accuse achieve acknowledge acquire activate adapt add address
adopt advance affect aim allow allude amount animate announce answer appeal appear applaud apply
appreciate argue arrive ask assemble assert assess attach attempt attend attract automate avoid
backfire balance ban base beat become begin believe benchmark blame block boast boost break breathe
bridge bring broaden bundle burn buy buzz cache calculate call cancel cap capture carry catch cause
caution celebrate center centre challenge change characterise characterize charge charm check choose
cite claim clarify clear climb clock close collapse combine come comment commission commit compare
compile complain complete compress compute concern conclude configure confirm congratulate connect
consider consolidate constrain consume contain continue contrast contribute control convert copy
correct cost counter cover crash create credit criticise criticize critique cross crush cut debate
debut decide declare decline decode decouple decrease deduce deepen defeat defend delay deliver
democratise democratize demonstrate deploy deprecate deprive derive describe design detail detect
determine develop differ direct disable disclose discontinue discover discuss dispute dissect
distill distribute dive divide document double doubt downgrade draw drive drop dump earn echo edit
eliminate embed emerge emit emphasise emphasize employ enable encode encounter end endorse enforce
engineer enhance ensue enter equal escape estimate evaluate examine exceed exclaim execute exhaust
exist expand expect experiment explain explore export expose express extend extract face facilitate
fail fall feature fetch file filter finance find finetune finish fire fit fix flag flip focus follow
forbid force form found frame fuel fund gain gather generate give go grant group grow guide halt
halve handle happen have help hide highlight hint hire hit hold hop host identify ignore illustrate
implement import impose improve include incorporate increase index indicate infer inform inherit
initiate inject inquire insist inspect install integrate intend interpret introduce invent invest
invite involve isolate issue join joke jump keep kick kill know lack land last laud launch lay lead
leak leap learn leave lend let leverage lie lift limit link list load lose lower maintain make
manage map mark match mean measure meet mention merge migrate mirror miss mix mock model modify
monitor move nail name narrow navigate need note notice notify obey observe obtain occupy occur
offer open operate optimise optimize order organise organize outline outpace outperform outrun
outscore outshine overhaul overtake own pair parse partner pass patch pause pay perform permit pick
pioneer pitch pivot place plan play point poll ponder portray posit position post postpone power
praise predate predict predominate prefer prepare present preserve prevent price process produce
promise prompt propose prototype prove provide publish pull push put quantise quantize question quip
quit quote raise range rank rate reach read realise realize rebuild rebut recall receive recite
recognise recognize recommend record recount recover reduce refer reference refine reflect refuse
regress reinforce reject relate relax relay release rely remain remark remind remove rename render
repair repeat replace replicate reply report represent reproduce request require rescue reset
resolve respond restrict restructure result retain retire retrieve return reveal reverse review
revise revolve reward rewrite ride rise rival roll route run rush save say scale scan schedule score
scrape scrutinise scrutinize search secure see seek select sell send separate serve set settle shape
share shift ship shorten show showcase shrink sign signal simplify simulate sit sketch skip slash
slip slow soar solve sort spark speculate spell spend split spot spread stack stall stand start
state stay steer stop store storm stream streamline strengthen stress stretch strip struggle study
submit succeed sue suffer suggest summarise summarize supply support surface surge surpass surprise
survive suspend sustain switch synthesise synthesize tackle take talk target teach tease tell tend
terminate test thank think threaten throttle tie tighten tolerate top total touch tout track trade
trail train transcribe transfer transform translate traverse treat trigger trim triple troubleshoot
try tune turn uncover underline underscore unify unite unleash unlock unveil update upgrade upload
urge use utilise utilize validate value vary verify view visit visualise visualize vote vow wait
walk want warn warrant watch weigh welcome widen wield win withdraw withhold wonder work worry wrap
write yield
"""
_IRREGULAR_PAST = """
beat became began bought broke brought built came chose cost cut dealt drew drove fell felt fit
forbade found gave got grew had heard held hid hit kept knew laid led left lent let lost made meant
met outdid outran overtook paid put ran read rebuilt rewrote rode rose said sat saw sent set shook
showed shrank slid sold spent split spoke spread stood swept taught thought threw told took
undercut understood went withdrew withheld won wrote
"""
_AUXILIARY = """
are aren't aren’t can can't cannot can’t could couldn't couldn’t did didn't didn’t do does doesn't
doesn’t don't don’t had has hasn't hasn’t have haven't haven’t is isn't isn’t may might must should
was wasn't wasn’t were weren't weren’t will won't won’t would
"""
_NOUNS_TOO = """
accesses addresses advances aims answers appeals attempts bans bases benchmarks blocks boosts
bundles buzzes calls causes centers centres challenges changes charges checks claims closes comes
comments commissions commits compares computes contrasts controls copies costs covers crashes
critiques cuts debates debuts declines decreases defeats deploys designs details documents doubles
draws drives drops dumps echoes edits ends estimates experiments exports extracts faces features
files finds fixes flags forces forms frames funds gains gives grants groups handles helps hints hits
holds hosts imports increases issues joins jokes jumps keeps kills lacks lands leads leaks leaves
lets lies lifts limits links lists loads looks maps marks matches means measures mentions models
moves names needs notes notices offers opens orders outlines owns pairs partners passes patches
pauses pays picks pitches places plans plays points posts powers prices processes prompts prototypes
pulls pushes questions quotes raises ranges ranks rates reaches reads records references relays
releases remarks replies reports requests results returns reviews rewards rides rises rolls routes
runs saves says scales scans schedules scores searches sees sets shapes shares shifts ships shows
signals signs slips sorts sparks spots stacks stands starts states stays stops stores streams
stresses studies supplies supports surfaces surges switches takes talks targets tests tops touches
tracks trades trains transfers treats tries triggers trims tunes turns updates upgrades uploads uses
values views visits votes waits walks wants watches weights wins works worries wraps yields
"""


def _third_person(bases: Iterable[str]) -> Iterator[str]:
    for base in bases:
        if base.endswith("y") and base[-2] not in "aeiou":
            yield f"{base[:-1]}ies"
        else:
            yield f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{base}s"


def _past(bases: Iterable[str]) -> Iterator[str]:
    for base in bases:
        if base.endswith("y") and base[-2] not in "aeiou":
            yield f"{base[:-1]}ied"
        else:
            yield f"{base}d" if base.endswith("e") else f"{base}ed"
            yield f"{base}{base[-1]}ed"  # shipped; a form that is none harms nobody


BARE: Final = frozenset(_BASES.split())
"""After a plural: need, run, show."""
THIRD_PERSON: Final = frozenset(_third_person(BARE))
PAST: Final = frozenset(_past(BARE)) | frozenset(_IRREGULAR_PAST.split())
"""The past, which is the participle of most of them, too."""
AUXILIARIES: Final = frozenset(_AUXILIARY.split())
NOUNS_TOO: Final = frozenset(_NOUNS_TOO.split())
"""Forms of the third person that may be plurals of nouns."""
