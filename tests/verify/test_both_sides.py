"""What a good editor writes passes every check, and its wrong neighbour is found."""

import pytest

from eval.known import KnownAnswer, findings_on
from pipeline.chinese.glossary import load_glossary
from pipeline.records import Finding, Sentence

TERMS = load_glossary()
TITLE = "社区讨论模型与工具的最新进展"

# English, Chinese that is right, Chinese that is wrong beside it.
ACCOUNTS = [
    (
        "@ericschmidt warned that it may come soon.",
        "Schmidt警告可能很快到来。",
        "Smith警告可能很快到来。",
    ),
    ("@jeremyphoward posted a guide.", "Jeremy Howard发布指南。", "Jeremy Hoard发布指南。"),
    ("@fchollet posted a guide.", "Chollet发布指南。", "Cholle发布指南。"),
    ("@nvidia posted a guide.", "NVIDIA发布指南。", "Vidia发布指南。"),
]
NUMBERS = [
    ("The new kernel is 10–50x faster.", "新内核快10–50倍。", "新内核快了10–50次。"),
    ("The job runs 10–50x per day.", "该任务每天运行10–50次。", "该任务每天运行10–60次。"),
    ("The robot walked 70 m in the test.", "机器人走了70米。", "机器人走了7000万步。"),
    ("A 1.5 m tall robot carries boxes.", "1.5米高的机器人会搬箱子。", "15米高的机器人会搬箱子。"),
    ("It ran for 70m on one GPU.", "它在单GPU上运行了70分钟。", "它在单GPU上运行了70小时。"),
    ("The app has 70m users.", "该应用有7000万用户。", "该应用有70米用户。"),
    ("A context length of 1M is supported.", "支持100万上下文。", "支持1米上下文。"),
    (
        "Passing tests went from 24 to 35 / 87.",
        "通过率由24/87升至35/87。",
        "通过率由24/78升至35/87。",
    ),
    ("It solved 35 / 87 problems.", "解出35/87道题。", "解出35/78道题。"),
]
ENGLISH = [
    ("The llama runner process ended.", "llama runner进程结束。", "llama models进程结束。"),
    ("The nccl watchdog timed out.", "nccl watchdog超时。", "训练watchdog的model router超时。"),
    ("Podman runs rootless containers.", "Podman以rootless方式运行容器。", "Podman以wonderless方式运行容器。"),
    ("The kernels library loads code handlers.", "kernels库可加载代码。", "handlers库可加载代码。"),
    ("The swizzling of tiles is new.", "瓦片的swizzling是新的。", "瓦片的tilings是新的。"),
    ("Set effort to 'high' for it.", "可将effort设为high。", "可将effort设为low。"),
    ('It has an "agent" mode now.', "新增agent模式。", "新增agent这种模式的功能。"),
    ("It took 412 commits and closes over 200 issues.", "含412次提交，关闭逾200个issue。", "含412次提交，关闭逾300个issue。"),
]  # fmt: skip
GLOSSES = [
    (
        "It hired a Data Protection Officer (DPO) after the fine.",
        "它被罚后聘请了数据保护官（DPO）。",
        "它被罚后聘请了经纪人（DOP）。",
    ),
    (
        "The MoE (Ministry of Education) wrote rules.",
        "教育部（MoE）制定规则。",
        "国防部（MoD）制定规则。",
    ),
]
EVERY = [*ACCOUNTS, *NUMBERS, *ENGLISH, *GLOSSES]


def findings(english: str, chinese: str, title: str = TITLE) -> list[Finding]:
    """Check one sentence that rests on one line."""
    answer = KnownAnswer(
        kind="pair",
        lines=(english,),
        title=title,
        sentences=(Sentence(text=chinese, lines=(1,)),),
    )
    return [found for found in findings_on(answer, TERMS) if found.check != "length"]


@pytest.mark.parametrize(("english", "right", "wrong"), EVERY)
def test_a_right_sentence_passes_and_a_wrong_one_is_found(
    english: str, right: str, wrong: str
) -> None:
    """Neither has an error or a warning for what the other one is."""
    assert findings(english, right) == []
    assert findings(english, wrong)


def test_an_abbreviation_has_its_own_meaning_unless_the_text_gives_another() -> None:
    """DPO is no officer where a text trains with it."""
    for english in ("It was trained with DPO.", "Direct Preference Optimization (DPO) is used."):
        assert [one.check for one in findings(english, "它用数据保护官训练。")] == ["term"]


def test_an_abbreviation_ends_no_sentence() -> None:
    """What may be holds for all of the sentence, also behind `v.` and `N.D. Cal.`."""
    for court in ("Doe v. Acme Corp.", "the N.D. Cal. Judge Roe", "Roe et al. Heron"):
        english = f"It may settle {court} for $40M."
        assert findings(english, "它可能以4000万美元和解。") == []
        assert [one.check for one in findings(english, "它以4000万美元和解。")] == ["qualifier"]
