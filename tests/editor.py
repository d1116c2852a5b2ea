"""A model that can do its work: answers any question of the pipeline rightly, from the question."""

import hashlib
import json
import re
from typing import Any

from fakes import in_sentences

REMARK_MARK = "The editor's remark:"
"""What stands in a question before the editor's remark."""


def answer(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Choose every third story, tell the one that is there, or find nothing wrong.

    The same question gets the same words.
    """
    user = messages[1]["content"]
    if "problems" in schema["properties"]:
        return json.dumps({"problems": []})
    if "news" in schema["properties"]:
        ids = re.findall(r"(?m)^(s\d+) \[", user)
        halves = {"news": ids[0::3][:10], "tools": ids[1::3][:10]}
        return json.dumps(
            {
                half: [{"stories": [name], "event": f"What {name} tells"} for name in names]
                for half, names in halves.items()
            }
        )
    material = user.partition("The lines:\n<material>\n")[2].partition("\n</material>")[0]
    mark = hashlib.sha256(material.encode()).hexdigest()[:4]
    chars = "".join("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"[int(c, 16)] for c in mark)
    summary = f"这是一条新闻的摘要，代号{chars}，据称内容可能来自原文，预计只供测试使用。该条目说明了发生的事情、涉及的对象以及对工程师的意义。"
    told = {"title": f"一条测试消息{chars}", "summary": summary}
    numbers = re.findall(r"(?m)^(\d+)\. ", material)
    first = int(numbers[0]) if numbers else 1
    return json.dumps(in_sentences(told, first), ensure_ascii=False)


def minding(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always; with a remark in other words, and with a number if that is asked for."""
    user = messages[1]["content"]
    fields = json.loads(answer(messages, schema))
    if REMARK_MARK in user and "title" in fields:
        fields["title"] = f"预览版{fields['title']}"
        if "invent" in user.partition(REMARK_MARK)[2]:
            fields["sentences"][0]["text"] = "公司融资98765万美元。"
    return json.dumps(fields, ensure_ascii=False)
