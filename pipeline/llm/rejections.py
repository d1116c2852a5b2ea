"""What a rejected request means for the run: which error of ours, and what to do next.

Pure; the one file to change for a server that says no in words of its own. Which form it may take
instead is for `quirks.py`.
"""

import re
from http import HTTPStatus
from typing import Final, Literal, NamedTuple

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.capabilities import MAX_RETRY_AFTER_S

RejectionKind = Literal[
    "filtered",
    "no_credit",
    "quota_used",
    "bad_key",
    "not_permitted",
    "region",
    "barred",
    "too_long",
    "transient",
    "unknown_model",
    "not_found",
    "other",
]
"""What a rejected request means."""

CHECK_BASE_URL: Final = "check OPENAI_BASE_URL (does it end in /v1?)"
"""What to do where an address is wrong, and no better one is known."""
_MAX_MESSAGE_CHARS: Final = 240

_REJECTIONS: Final[dict[RejectionKind, tuple[type[ModelError], str]]] = {
    "filtered": (ModelRefused, "the content filter of {host} refused the question {said}"),
    "no_credit": (
        ModelUnavailable,
        "the account at {host} has no credit left {said}; check its billing",
    ),
    "quota_used": (
        ModelUnavailable,
        "the quota at {host} is used up {said}; run again when it is renewed, or raise it",
    ),
    "bad_key": (ModelError, "{host} does not accept the key {said}; check OPENAI_API_KEY"),
    "not_permitted": (
        ModelUnavailable,
        "{host} does not permit this {said}; check what the key and the account may use",
    ),
    "region": (
        ModelError,
        "{host} does not serve this country or region {said}; ask another server",
    ),
    "barred": (
        ModelError,
        "what stands before {host} let nothing through {said}; check OPENAI_BASE_URL and the proxy",
    ),
    "too_long": (
        ModelError,
        "the question is too long for {model!r} {said}; lower AINEWS_SELECT_TOKENS",
    ),
    "unknown_model": (ModelUnavailable, "{host} cannot ask {model!r} {said}; check AINEWS_MODEL"),
    "not_found": (ModelError, "{host} has no chat completions {said}; {address}"),
    "other": (ModelError, "{host} turned the question down {said}; see --verbose"),
}


class RequestRejected(Exception):
    """A request that the server turned down, in its own words; `to_error` says what it means."""

    def __init__(
        self,
        status: int | None,
        words: str,
        retry_after_s: float | None = None,
        *,
        address: str = "",
    ) -> None:
        """Keep what came.

        `status` is None where there was none, or 200; `words` are without secrets; `address` is a
        base URL that may be meant, where this one looks wrong.
        """
        super().__init__(cut_message(words))
        self.status = status
        self.text = words
        self.retry_after_s = retry_after_s
        self.address = address

    def to_error(self, host: str, model: str) -> ModelError:
        """Say what it means and what to do, as an error of the tree."""
        said = f"({self.status or 'error'}: {cut_message(self.text)})"
        kind = self._kind()
        if kind == "transient":
            return self._transient_error(host, said)
        error, template = _REJECTIONS[kind]
        address = advise_address(self.address)
        return error(template.format(host=host, model=model, said=said, address=address))

    def _kind(self) -> RejectionKind:
        """Classify it, by what else came with it, too."""
        kind = classify_rejection(self.status, self.text)
        granted = self.retry_after_s is not None and self.retry_after_s <= MAX_RETRY_AFTER_S
        if kind == "quota_used" and granted and "PerDay" not in self.text:
            return "transient"  # a limit of a day that slides
        if kind == "other" and self.status == HTTPStatus.METHOD_NOT_ALLOWED:
            return "not_found"
        return kind

    def _transient_error(self, host: str, said: str) -> ModelError:
        pause = self.retry_after_s
        if pause is not None and pause > MAX_RETRY_AFTER_S:
            return ModelUnavailable(
                f"{host} asks to wait {pause:.0f} s {said}; run again after that"
            )
        too_many = self.status == HTTPStatus.TOO_MANY_REQUESTS and not _OVERLOADED.search(self.text)
        todo = "lower AINEWS_IN_FLIGHT" if too_many else "try again later"
        return ModelTransient(f"{host} cannot answer now {said}; {todo}", pause)


def advise_address(address: str) -> str:
    """Say what to do about an address that is wrong; the one that may be meant, or nothing."""
    return f"set OPENAI_BASE_URL to {address}" if address else CHECK_BASE_URL


def cut_message(text: str) -> str:
    """Cut a stranger's words to one line's length."""
    return text if len(text) <= _MAX_MESSAGE_CHARS else text[:_MAX_MESSAGE_CHARS] + "…"


def classify_rejection(status: int | None, text: str) -> RejectionKind:
    """Say what a rejected request means, by its status and the server's words."""
    return next((rule.kind for rule in _RULES if rule.fits(status, text)), "other")


def is_context_overflow(status: int | None, text: str) -> bool:
    """Say whether a question is longer than the model can read."""
    return any(rule.fits(status, text) for rule in _TOO_LONG)


class _Rule(NamedTuple):
    """One kind of rejection: any of these statuses, or any of these words."""

    kind: RejectionKind
    statuses: frozenset[int | None] = frozenset()
    words: re.Pattern[str] | None = None
    but: frozenset[int | None] = frozenset()
    """Statuses with which its words mean nothing."""

    def fits(self, status: int | None, text: str) -> bool:
        if status in self.statuses:
            return True
        return status not in self.but and bool(self.words and self.words.search(text))


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)


_RATE: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS})
_BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY})
_GATE: Final = frozenset(
    {HTTPStatus.PROXY_AUTHENTICATION_REQUIRED, HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED}
)
_CLIENT_ERRORS: Final = frozenset(range(400, 500))
_ALL_STATUSES: Final = _CLIENT_ERRORS | {None}

_OVERLOADED = _words(
    r"overload|over capacity|capacity exceeded|at capacity|server (?:is )?busy|engine.{0,20}busy",
    r"high (?:demand|load)|负载|繁忙|过载",
)
_FILTERED = _words(
    r"content.?(filter|management|exists risk|policy|blocked)|data_?inspection",
    r"inappropriate content|moderation|prohibited_?content|responsibleai|new_sensitive",
    r"sensitive.?(?:content|word|info|text)|content.{0,20}[^-]\bsensitive",
    r"high risk|censor|safety (?:filter|system|setting)|usage polic|risk_?control",
    r"(?:敏感|违规|不安全|不当|不合规).{0,6}(?:内容|信息|词)",
    r"内容.{0,8}(?:审核|安全|违规|敏感|风险)",
)
_NO_CREDIT = _words(
    r"insufficient.?(quota|balance|credit|fund)|arrearage|overdue|arrears",
    r"(?:balance|credits?).{0,30}(?:too low|not enough|exhausted|depleted|used up|run out|empty)",
    r"(?:balance|credits?|quota) (?:is |are )?(?:insufficient|not sufficient)",
    r"(?:not|n't) (?:have )?(?:enough|any|sufficient) (?:credit|balance|fund)|out of credit",
    r"exceeded_current_quota|check your account balance|good standing|recharge",
    r"billing.{0,12}(?:limit|inactive|not.active)|account.{0,20}(?:not active|suspended)",
    r"purchase.{0,12}credit|余额|欠费|充值|资源包|额度(?:不足|已用)",
)
_QUOTA_USED = _words(
    r"per.?day|daily.{0,20}(?:limit|quota|request)|(?:limit|quota).{0,20}daily",
    r"per.?month|monthly|每日|每天|当日|每月|本月",
)
# No server of models says no with one, what stands before it does.
_WEB_PAGE = _words(r"^a web page")
_REGION = _words(
    r"unsupported_country|country.{0,40}not supported|地区.{0,10}不",
    r"(?:location|region).{0,40}not (?:supported|available|allowed)",
    r"not available in your (?:country|region|location)",
)
_BAD_KEY = _words(
    r"(?:incorrect|invalid|wrong|missing|expired|no) .{0,3}api.?key|(?:invalid|missing)_?api_?key",
    r"api.?key.{0,20}(?:not valid|invalid|incorrect|expired|required|missing|not found|error)",
    r"API_KEY_INVALID|authentication (?:fail|error)|invalid.{0,3}auth|login fail|unauthori[sz]ed",
    r"(?:access|auth|bearer|api) token.{0,12}(?:invalid|expired)|无效的令牌",
    r"(?:令牌|token|api.?key)(?!s).{0,8}(?:无效|过期|非法|失效|不合法|不正确)|(?:密钥|身份验证|鉴权|认证).{0,8}(?:失败|无效|错误)",
)
_UNKNOWN_MODEL = _words(
    r"model.{0,80}(not exist|not found|not available|invalid(?!_request)|unknown|not loaded)",
    r"(invalid|unknown|no such) model|model_?not_?found|no models? (?:is |are )?loaded",
    r"deployment\w*.{0,60}(?:not exist|not found)|DeploymentNotFound|not a valid model",
    r"(?:not|n't) have access to.{0,12}model|access to (?:the )?model|model.{0,40}access denied",
    r"Model\.?AccessDenied|not found the model|no (?:endpoints|allowed providers)|NotFoundModel",
    r"模型.{0,12}(?:不存在|未找到|不可用|无效|未开通|没有权限)|(?:没有|无权|未开通).{0,8}模型",
)
_NOT_PERMITTED = _words(
    r"permission|not (?:authori[sz]ed|permitted|entitled)|access.{0,3}denied|forbidden by",
    r"does not allow|无权|权限",
)
_NOT_FOUND = _words(
    r"unexpected endpoint|(?:endpoint|route|path|url|page).{0,20}(?:not found|not exist|unknown)"
)
_TOO_LONG: Final = (
    _Rule(
        "too_long",
        frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE}),
        _words(
            r"context.{0,12}(length|size|window)|input length|too many tokens|request too large",
            r"(prompt|input).{0,20}too long|longer than the max|reduce the length",
        ),
    ),
    _Rule(
        "too_long",
        words=_words(
            r"(?:prompt|input|message|question|request)s?\b.{0,20}too (?:long|large)",
            r"maximum (?:input|prompt) (?:length|tokens)|(?:input|prompt) tokens?.{0,40}exceed",
            r"exceeds?.{0,30}(?:input|prompt|context).{0,20}(?:limit|length|tokens)",
            r"(?:输入|上下文|提示|prompt|(?<!max_)tokens?).{0,16}(?:超过|超出|过长|太长|超长)",
            r"too many input|\binputs?\W{1,3}tokens \+",
        ),
        but=_RATE,  # so many tokens in a minute are another limit
    ),
)
# The first that fits counts: a server that is down may say anything, and a filter may answer 403.
_RULES: Final = (
    _Rule("transient", frozenset(range(500, 1000)) - _GATE),
    _Rule(
        "filtered",
        frozenset({HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}),
        _FILTERED,
        but=_RATE | {HTTPStatus.UNAUTHORIZED},
    ),
    _Rule("no_credit", frozenset({HTTPStatus.PAYMENT_REQUIRED}), _NO_CREDIT),
    _Rule("quota_used", words=_QUOTA_USED, but=_CLIENT_ERRORS - _RATE),
    _Rule("region", words=_REGION),
    _Rule("barred", words=_WEB_PAGE, but=_ALL_STATUSES - {HTTPStatus.FORBIDDEN}),
    _Rule("barred", _GATE),
    _Rule("bad_key", frozenset({HTTPStatus.UNAUTHORIZED})),
    _Rule("bad_key", words=_BAD_KEY, but=_RATE),
    _Rule("unknown_model", words=_UNKNOWN_MODEL, but=_RATE | _BUSY),
    _Rule("not_permitted", words=_NOT_PERMITTED, but=_CLIENT_ERRORS - {HTTPStatus.FORBIDDEN}),
    _Rule("bad_key", frozenset({HTTPStatus.FORBIDDEN})),
    *_TOO_LONG,
    _Rule("transient", _RATE | _BUSY),
    _Rule("not_found", frozenset({HTTPStatus.NOT_FOUND}), _NOT_FOUND, but=_CLIENT_ERRORS),
    _Rule("transient", frozenset({None})),
)
