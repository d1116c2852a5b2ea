"""What a rejection teaches of a server: the form in which it may take the same question.

Pure; the one file to change for a server that wants a request in a form of its own. A lesson is
drawn only where the error names what it is about. Whether it is kept is for `server_form.py`: only
what was answered in that form is.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import JsonValue

from pipeline.llm.capabilities import TOKEN_PARAMS, FormatMode, ServerCapabilities
from pipeline.llm.rejections import is_context_overflow

Update = Mapping[str, Any] | None
"""Fields of `ServerCapabilities` with new values; None where nothing is learnt."""

_FORM_STATUSES: Final = {
    None,  # an error that came with 200
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.NOT_IMPLEMENTED,
}
_FORMAT_FALLBACKS: Final[Mapping[FormatMode, FormatMode]] = {
    "json_schema": "json_object",
    "json_object": "text",
}
_MIN_CAP: Final = 16
_NEVER_LEFT_OUT: Final = {"model", "messages", "response_format", "stream", *TOKEN_PARAMS}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


_JSON_WORD = _pattern(
    r"(?:word|string|term|单词|字样).{0,4}json|contain.{0,20}\bjson\b.{0,30}messages"
)
_FORMAT_REJECTED = _pattern(r"response_?format|json|schema|structured")
_GRAMMAR = _pattern(
    r"(?:compil|pars|convert|build|creat|generat)\w*\W.{0,30}(?:grammar|json.?schema)"
    r"|grammar.{0,20}(?:error|fail|invalid|not supported)"
)
_PARAM_REJECTED = _pattern(
    r"unsupported|not supported|unrecogni|unknown|unexpected|extra|not permitted|instead"
)
_FIELD_REFUSED = _pattern(
    r"unsupported|support|unrecogni[sz]ed|unknown|unexpected|extra|not (?:be )?(?:permitted|allowed"
    r"|available|accepted|valid|recogni[sz]ed|defined)|\bonly\b|invalid|deprecated|must be|cannot"
    r"|can't|forbidden|removed|no longer|illegal|additional propert|\bno\b|without"
    r"|不支持|未知|无效|不允许|非法|不合法|参数错误"
)
_STREAM_ONLY = _pattern(
    r"only\s+supports?\s+(?:the\s+)?stream|stream(?:ing)?[ -]mode|enable\s+the\s+stream"
    r"|stream(?:ing)?\W{1,3}(?:parameter\s+|option\s+)?(?:must|should|needs? to|has to)\s+be\s+"
    r"(?:set\s+to\s+)?\W?(?:true|enabled|on\b)|(?:set|use|with)\s+\W?stream\W{0,4}(?:to\W+)?true"
    r"|stream(?:ing)?\W{1,3}(?:is\s+)?(?:required|mandatory)|requires?\s+\W?stream"
    r"|stream\W{0,4}true\W+(?:is\s+)?(?:required|mandatory)"
    r"|(?:please|must)\s+use\s+(?:the\s+)?stream"
    r"|non[- ]?stream(?:ing|ed)?\b.{0,40}(?:not|n't|un)[ -]?(?:supported|allowed|available|enabled)"
    r"|(?:not|n't)\s+support\s+non[- ]?stream|for\s+non[- ]?stream|only\s+stream"
    r"|(?:仅|只)(?:支持|能使用|允许)\W*(?:流|stream)|不支持非流|必须.{0,8}(?:流式|stream)|非流式"
)
_STREAM_REFUSED = _pattern(
    r"(?<![\w-])stream(?:ing)?['\"`]?\s+(?:\w+\s+){0,2}?(?:is |are )?(?:currently )?"
    r"(?:not|un)\s?(?:supported|allowed|available)"
    r"|['\"`]stream['\"`] does not support true|not support (?:the )?['\"`]?stream(?:ing)?\b(?!_)"
    r"|['\"`]?stream['\"`]? must be (?:set to )?false|不支持流"
)
_MERGE_SYSTEM = _pattern(
    r"(?:system|developer)['\"`”]?\s+(?:role|message|prompt|instruction)s?\b.{0,40}"
    r"(?:not|n't|un|in)[ -]?(?:supported|allowed|enabled|valid|available|support)"
    r"|(?:developer|system) instruction is not enabled"
    r"|role\W{0,4}.{0,20}['\"`“]?system\b.{0,40}(?:not |un|in)(?:supported|allowed|valid)"
    r"|(?:unsupported|invalid|unknown|unexpected|not support|n't support)\b.{0,40}"
    r"(?:role\W.{0,12}system|['\"`“]?system['\"`”]?\s+(?:role|message|prompt|instruction)"
    r"|['\"`“]system['\"`”] (?:with|for|as))"
    r"|['\"`]system['\"`].{0,40}supported values|roles must alternate|only user and assistant"
    r"|不支持\W*system|system\W{0,3}(?:角色)?\W{0,3}不支持"
)
_THINKING_MUST_BE_ON = _pattern(
    r"enable_thinking(?![a-z_]).{0,60}(?:must|restricted|only|should|has to).{0,30}true"
)
_THINKING_OFF = _pattern(
    r"\bthinking(?:[._]\w+|\s+mode|\s+type)?['\"`]?[\s:].{0,30}"
    r"(?:must|should|needs?|has|please)\b.{0,30}(?:disabled?|off|false)"
    r"|(?<!not )(?<!can't )(?:disable|turn off)\s+(?:the\s+)?thinking"
    r"|not\s+(?:be\s+)?(?:supported|compatible|available|allowed|used|work)\s+"
    r"(?:when|with|in|while|if)\s+(?:the\s+)?['\"`]?thinking"
    r"|incompatible with\s+['\"`]?thinking|non[- ]thinking"
    r"|thinking(?:\s+mode|\s+model)?\s+(?:does not|doesn't|do not|cannot)\s+(?:support|use|be used)"
    r"|(?:关闭|禁用)\W*(?:思考|thinking)|(?:思考|thinking)\W*模式下?\W*不支持"
)
_SWITCH_OFF = _pattern(
    r"enable_thinking(?![a-z_]).{0,60}(?:false|disabled?|\boff\b|only support|关闭|禁用)"
    r"|(?:disable|turn off|false|关闭|without|not supported|不支持|incompatible)"
    r".{0,60}enable_thinking"
)
_EFFORTS: Final = ("none", "minimal", "low")
_EFFORT_WANTED = _pattern(
    r"reasoning[_.]effort\W.{0,80}(?:must|should|only|support|set|require|use|be one)"
    r"|(?:set|use|pass|send)\W.{0,20}reasoning[_.]effort"
)
# What names the cap, and how its bound is worded; of several bounds the first that helps counts.
_CAP_NAMED = _pattern(
    r"max[_ ]?(?:completion[_ ]?|output[_ ]?|new[_ ]?)?tokens"
    r"|(?:completion|output|maximum) tokens"
)
_AT_MOST: Final = (
    r"(?:<=|≤|=<|less than or equal to|at most|up to|no (?:more|greater|larger) than"
    r"|not (?:be )?(?:exceed|(?:more|greater|larger) than)|cannot exceed|不能?超过|不(?:能|得)?大于"
    r"|小于等于|最大(?:值)?(?:为|是)?|上限(?:为|是)?)\W{0,4}(\d{1,9})"
)
_MAXIMUM_IS: Final = (
    r"(?:maximum|max|largest|limit)\b(?!_)[^.\d]{0,60}?\b(?:is|of|was|=|:)\s*\W{0,2}(\d{1,9})"
)
_BOUNDS: Final = tuple(
    (_pattern(pattern), less)
    for pattern, less in (
        (r"[\[(（]\s*\d{1,9}\s*[,，~-]\s*(\d{1,9})\s*\)", 1),
        (r"[\[(（]\s*\d{1,9}\s*[,，~-]\s*(\d{1,9})\s*[\]）]", 0),
        (r"to\s+(\d{1,9})\s*\(exclusive", 1),
        (r"to\s+(\d{1,9})\s*\(inclusive", 0),
        (r"(?:between|from)\s+\d{1,9}\s*(?:and|to|-)\s*(\d{1,9})", 0),
        (r"\d{1,9}\s*[~至到]\s*(\d{1,9})", 0),
        (_AT_MOST, 0),
        (_MAXIMUM_IS, 0),
        (r"\d{1,9}\s*>\s*(\d{1,9})", 0),
        (r"(?:exceeds?|exceeded|over|above|greater than|larger than)\b[^.\d]{0,60}(\d{1,9})", 0),
        (r"(?:less than|below|<|小于)\W{0,3}(\d{1,9})", 1),
    )
)


def next_capabilities(
    capabilities: ServerCapabilities,
    status: int | None,
    text: str,
    sent: Mapping[str, Any] | None = None,
) -> ServerCapabilities | None:
    """Find what to try after a rejection; None where it is not about the form of the request.

    Only what stands in `sent`, the body that it rejected, can be left out.
    """
    body = sent or {}
    if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # A template of a model that knows no system part fails as if the server had, and so does
        # the grammar that is made of a schema.
        update = (
            _learn_system(capabilities, text, body) or _learn_grammar(capabilities, text)
            if status != HTTPStatus.NOT_IMPLEMENTED
            else None
        )
        return capabilities.model_copy(update=update) if update else None
    if status not in _FORM_STATUSES:
        return None
    lessons = _CAP_LESSONS if is_context_overflow(status, text) else _LESSONS
    for lesson in lessons:
        if update := lesson(capabilities, text, body):
            return capabilities.model_copy(update=dict(update))
    return None


def _learn_largest_cap(known: ServerCapabilities, text: str, sent: Mapping[str, Any]) -> Update:
    """Read the largest cap, where it is below the one that was sent."""
    if not _CAP_NAMED.search(text):
        return None
    numbers = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text)
    asked = sent.get(known.token_param)
    most = asked if isinstance(asked, int) else None
    for pattern, less in _BOUNDS:
        for found in pattern.finditer(numbers):
            bound = int(found[1]) - less
            if bound >= _MIN_CAP and bound < (most or known.most_tokens or bound + 1):
                return {"most_tokens": bound}
    return None


def _learn_stated_cap(known: ServerCapabilities, text: str, sent: Mapping[str, Any]) -> Update:
    """Read the largest cap from words that also speak of the context."""
    stated = re.search(r"max_?\w*tokens\W.{0,30}(?:less than or equal|<=|≤|range|at most)", text)
    is_sum = re.search(r"tokens\W{0,3}\+", text)  # of question and answer: no bound of the latter
    return _learn_largest_cap(known, text, sent) if stated and not is_sum else None


def _learn_json_word(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    return {"json_word": True} if not known.json_word and _JSON_WORD.search(text) else None


def _learn_thinking(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    """Find how thinking is turned off, where that is what the server asks for."""
    if _THINKING_MUST_BE_ON.search(text):
        rest = {k: v for k, v in known.required_fields.items() if k != "enable_thinking"}
        known_otherwise = rest == known.required_fields
        return None if known_otherwise else {"required_fields": rest, "stream": True}
    for name, value in _thinking_fields(known, text):
        if name not in known.refused_fields and known.required_fields.get(name) != value:
            return {"required_fields": {**known.required_fields, name: value}}
    return None


def _thinking_fields(known: ServerCapabilities, text: str) -> list[tuple[str, JsonValue]]:
    fields: list[tuple[str, JsonValue]] = []
    if "enable_thinking" in text:
        deep = "chat_template_kwargs" in text
        if _SWITCH_OFF.search(text):
            off: tuple[str, JsonValue] = ("enable_thinking", False)
            fields.append(("chat_template_kwargs", dict([off])) if deep else off)
    elif _EFFORT_WANTED.search(text):
        now = known.required_fields.get("reasoning_effort")
        named = [word for word in _EFFORTS if word != now and re.search(rf"\b{word}\b", text)]
        fields.extend(("reasoning_effort", word) for word in named[:1])
    elif _THINKING_OFF.search(text):
        fields.append(("thinking", {"type": "disabled"}))
    return fields


def _learn_stream(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    return {"stream": True} if not known.stream and _STREAM_ONLY.search(text) else None


def _learn_no_stream(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    return {"stream": False} if known.stream and _STREAM_REFUSED.search(text) else None


def _learn_cap_name(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    """Find the other name of the cap; of a server that takes neither, that none is sent."""
    name, refused = known.token_param, set(known.refused_fields)
    if not (name in text and _PARAM_REJECTED.search(text)) or name in refused:
        return None
    other = next(each for each in TOKEN_PARAMS if each != name)
    if other in text:
        return {"token_param": other, "refused_fields": tuple(sorted(refused - {other}))}
    now = name if other in refused else other
    return {"token_param": now, "refused_fields": tuple(sorted({*refused, name}))}


def _learn_refused_field(known: ServerCapabilities, text: str, sent: Mapping[str, Any]) -> Update:
    """Find a field that was sent, and that the server names as one that it does not take."""
    if not _FIELD_REFUSED.search(text):
        return None
    for name in sorted(set(sent) - _NEVER_LEFT_OUT, key=len, reverse=True):
        quote = "['\"`]" if len(name) == 1 else ""
        word = rf"(?<!\w){quote}{re.escape(name)}{quote}(?!\w)"
        if re.search(word, text, re.IGNORECASE):
            required = {k: v for k, v in known.required_fields.items() if k != name}
            return {
                "refused_fields": tuple(sorted({*known.refused_fields, name})),
                "required_fields": required,
            }
    return None


def _learn_system(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    fits = not known.merge_system and _MERGE_SYSTEM.search(text)
    return {"merge_system": True} if fits else None


def _learn_format(known: ServerCapabilities, text: str, _sent: Mapping[str, Any]) -> Update:
    fits = known.mode in _FORMAT_FALLBACKS and _FORMAT_REJECTED.search(text)
    return {"mode": _FORMAT_FALLBACKS[known.mode]} if fits else None


def _learn_grammar(known: ServerCapabilities, text: str) -> Update:
    fits = known.mode in _FORMAT_FALLBACKS and _GRAMMAR.search(text)
    return {"mode": _FORMAT_FALLBACKS[known.mode]} if fits else None


_Lesson = Callable[[ServerCapabilities, str, Mapping[str, Any]], Update]
_CAP_LESSONS: Final[tuple[_Lesson, ...]] = (_learn_stated_cap,)
# The first that fits counts: the words of one may stand in those of a later one.
_LESSONS: Final[tuple[_Lesson, ...]] = (
    _learn_json_word,
    _learn_largest_cap,
    _learn_thinking,
    _learn_stream,
    _learn_cap_name,
    _learn_system,
    _learn_refused_field,
    _learn_no_stream,
    _learn_format,
)
