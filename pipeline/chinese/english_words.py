"""Ordinary English words: what is surely left over where it stands in Chinese text.

Data, not a rule: words of news and prose that no product, project or setting is commonly called,
and that Chinese engineers do not write as they are. Words that may be either (high, free, none,
latest, loss, user, thinking) have a list of their own.
"""

_WORDS = """
hundred hundreds thousand thousands million millions billion billions trillion trillions dozen
dozens twice many few both every another each

roughly nearly almost about around approximately enough alone again always already often perhaps
maybe despite although though however therefore because since until unless upon across against
along among amid behind below beneath beside besides beyond during except inside near onto outside
past toward towards within without whereas whether while instead rather quite very too also just
even still yet never ever ago soon later earlier sooner once away apart together ahead back forth

allegedly reportedly supposedly apparently according versus regarding including excluding based
due per such same other others own else whole entire only

new newer newest old older oldest big bigger biggest larger largest smaller smallest good better
bad worse worst faster fastest slower slowest cheaper cheapest higher highest lower lowest longer
longest shorter shortest stronger strongest weak weaker weakest broad broader wider widespread
robust accessible available unavailable notable prominent recent famous popular important
significant impressive massive easier harder hardest simpler difficult complex impossible likely
unlikely different various able unable aware aspiring limited unlimited useful useless helpful
powerful successful sufficient necessary required optional additional unusual former upcoming
annual everyday expensive affordable competitive comparable consistent reliable controversial
viral vague vivid

people person persons man men woman women child users developer developers engineer engineers
researcher researchers scientist scientists author authors founder founders employee employees
customer customers members builders reader readers viewer viewers critics fans owners poster
commenter commenters company companies startup startups team teams government governments country
countries industry community communities market markets business businesses school schools
university universities city

year years month months week weeks day days hour hours minute minutes seconds today yesterday
tomorrow tonight morning evening night weekend moment moments decade decades century centuries
timing timeline deadline uptime

revenue revenues profit profits costs price prices pricing salary wages money funds funding
investment investments investor investors deal deals stake stakes budgets tax growth increase
increases decrease decline gains drops rise rises

thing things way ways kinds numbers amount amounts lengths quality qualities abilities capability
capabilities performance improvement improvements advantage advantages benefits limits limitation
limitations problem problems issue issues concern concerns reasons effects impact change changes
difference differences ideas thoughts opinion opinions belief claims statement statements comment
comments criticism criticisms complaint complaints debate debates discussion discussions argument
arguments discovery discoveries insight insights hint hints lesson lessons trick tricks jewel
taboo teaser rumor rumors rumour rumours backlash sentiment predecessor predecessors successor
successors milestone milestones breakthrough breakthroughs trends effort efforts attempt attempts
approach approaches technique techniques choice choices rights risk risks threat threats danger
harm damage attacks truth lie lies teaching understanding making launch launches announcements
partnership partnerships collaboration competition competitor competitors rival rivals alternative
alternatives replacement substitute demand supplies shortage shortages geopolitics politics
election elections wars energy disease

makes made gets got getting takes took taken taking gives gave given giving goes went gone going
comes came coming sees saw seen seeing knows knew known knowing thinks says said saying tells told
telling asks asked asking shows showed shown showing finds found finding helps helped helping
keeps kept keeping lets leaves leaving becomes became becoming seem seems seemed looks looked
looking wants wanted needs needed tries tried trying feels felt believes believed brings brought
begins began starts started starting stops stopped stopping puts turns turned turning moves moved
moving holds held wins won winning loses lost beats outperform outperforms outperformed
outperforming exceed exceeds exceeded reaches reached reaching achieve achieves achieved achieving
allow allows allowed allowing enable enables enabled enabling improve improves improved improving
reduce reduces reduced reducing adds added adding removes removed removing includes included
creates created creating built provides provided providing offers offered offering supports
supported supporting requires describes described suggests suggested argues argued explains
explained noted reports reported announce announces announced announcing released releasing
launched launching unveil unveils unveiled unveiling introduce introduces introduced introducing
publish publishes ships shipped shipping praise praises praised praising criticize criticized
criticise criticised warns warned claimed claiming denies denied confirms confirmed reveals
revealed emerge emerges emerged emerging facilitate facilitates facilitated crediting credited
tracked tracking earns earned earning pays paid paying sells sold selling buys bought buying
spends spent cuts cutting raises raised raising grows grew growing compares compared comparing
drew drawn drove driven wrote written spoke spoken chose chosen begun broke broken sent spent told
went wore built led met fought sought caught taught thought bought flew flown threw thrown blew
rode ridden arose froze frozen hid hidden stole stolen struck stuck swept swung woke withdrew
withdrawn overcame undertook understood misled drank ate eaten forgot forgotten forgave fed bled
bred fled sped slept wept converged retries retried
tested works worked working played ran trains trained hosted powered spoken combined combining
followed following expected expecting planned planning designed designing perceived considered
considering regarded treated increased increasing decreased decreasing rising falling hallucinates
hallucinated crunch crunches rebrand rebrands rebranded tease teases teased
"""
_AMBIGUOUS = """
high low free none latest loss lossy user users thinking size sizes sized large small mid open
closed fast slow cheap hard easy long short deep light heavy clean safe local global public private
main core base full raw live real dense sparse dark bright flat rich poor thin thick quick wide
narrow strong discourse debate debates thread threads suite suites artifact artifacts backlash
chatter hype rollout rollouts pipeline pipelines workflow workflows benchmark benchmarks
leaderboard leaderboards harness harnesses runtime backend frontend wrapper wrappers plugin plugins
prompt prompts output outputs input inputs layer layers weight weights checkpoint checkpoints
dataset datasets model models tool tools agent agents coding reasoning inference memory cache
kernel kernels query queries search server servers client clients stream streams stack stacks trace
traces log logs task tasks test tests eval evals score scores result results paper papers post
posts blog blogs repo repos code codes file files folder folders page pages site sites link links
team teams lab labs startup startups company companies market markets stock stocks price prices
cost costs deal deals fund funds round rounds bug bugs fix fixes patch patches issue issues feature
features preview beta alpha release releases version versions update updates upgrade guide guides
course courses video videos image images audio voice speech text texts word words chat chats bot
bots app apps game games robot robots chip chips board boards phone phones laptop laptops desktop
cloud edge data math science study studies claim claims rumor rumors leak leaks risk risks threat
threats attack attacks safety trust quality speed latency throughput bandwidth power energy setup
setups step steps stage stages phase phases loop loops graph graphs tree trees node nodes mini
"""
_FUNCTION_WORDS = """
a about after all also an and any are as at be been before both but by can could did do does
each for from had has have he her his how if in into is it its may might more most much no not
of on only or other our out over per she should so some such than that the their them then there
these they this those through to under up use used uses using was we were what when where
whether which while who why will with within without would you your
"""
_NO_ADVERBS = """
anomaly apply assembly bitly butterfly daily family grammarly hourly monthly nightly reply supply
weekly yearly multiply july italy rally ally bully jelly belly
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that make a clause of what stands around them."""
ORDINARY_WORDS = frozenset(_WORDS.split()) | FUNCTION_WORDS
"""Words that are no name in Chinese text."""
AMBIGUOUS_WORDS = frozenset(_AMBIGUOUS.split())
"""Words that are seldom a name, though they may be one or stand in one."""
NO_ADVERBS = frozenset(_NO_ADVERBS.split())
"""What ends like an adverb, in -ly, and may be a name or a term."""
