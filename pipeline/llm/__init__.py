"""A question and a schema go in, a validated answer comes out, or a ModelError.

Open `model.py` first: it asks; `factory.py` opens the model of the settings,
and `profile.py` sizes its questions.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.llm.budget import RunCost as RunCost
    from pipeline.llm.cache import Cache as Cache
    from pipeline.llm.cache_file import file_problem as file_problem
    from pipeline.llm.cache_file import read_only_addresses as read_only_addresses
    from pipeline.llm.calls import PendingRequest as PendingRequest
    from pipeline.llm.calls import render_messages as render_messages
    from pipeline.llm.capabilities import batch_advice as batch_advice
    from pipeline.llm.capabilities import lacks_batches as lacks_batches
    from pipeline.llm.capabilities import rejects_batch as rejects_batch
    from pipeline.llm.daily_limit import moved_aside as moved_aside
    from pipeline.llm.error_words import error_text as error_text
    from pipeline.llm.factory import hosted_endpoint as hosted_endpoint
    from pipeline.llm.factory import open_model as open_model
    from pipeline.llm.fallback import DigestAsk as DigestAsk
    from pipeline.llm.fallback import FallbackModel as FallbackModel
    from pipeline.llm.ledger import Bill as Bill
    from pipeline.llm.ledger import BillLine as BillLine
    from pipeline.llm.ledger import DailyUsage as DailyUsage
    from pipeline.llm.ledger import Ledger as Ledger
    from pipeline.llm.ledger import Usage as Usage
    from pipeline.llm.ledger import charge_to as charge_to
    from pipeline.llm.ledger import digest_key as digest_key
    from pipeline.llm.ledger import format_cost as format_cost
    from pipeline.llm.listeners import Listener as Listener
    from pipeline.llm.listeners import listening as listening
    from pipeline.llm.listeners import when_sent as when_sent
    from pipeline.llm.model import Model as Model
    from pipeline.llm.prices import Tokens as Tokens
    from pipeline.llm.prices import calculate_cost as calculate_cost
    from pipeline.llm.profile import ModelProfile as ModelProfile
    from pipeline.llm.profile import model_profile as model_profile
    from pipeline.llm.profile import price_is_known as price_is_known
    from pipeline.llm.prompts import Answer as Answer
    from pipeline.llm.prompts import Ask as Ask
    from pipeline.llm.prompts import Question as Question
    from pipeline.llm.prompts import estimate_tokens as estimate_tokens
    from pipeline.llm.prompts import fence as fence
    from pipeline.llm.prompts import folder as folder
    from pipeline.llm.prompts import load_prompt as load_prompt
    from pipeline.llm.prompts import tame as tame
    from pipeline.llm.redaction import Redactor as Redactor
    from pipeline.llm.redaction import find_secrets as find_secrets
    from pipeline.llm.rejections import RequestRejected as RequestRejected
    from pipeline.llm.rejections import cut_message as cut_message
    from pipeline.llm.responses import Completion as Completion
    from pipeline.llm.responses import LenientRecord as LenientRecord
    from pipeline.llm.responses import answer_state as answer_state
    from pipeline.llm.responses import parse_completion as parse_completion
    from pipeline.llm.server_form import complete_in_any_form as complete_in_any_form
    from pipeline.llm.transport import Client as Client
    from pipeline.llm.transport import ModelConnection as ModelConnection
    from pipeline.llm.weights import WEIGHTS as WEIGHTS
    from pipeline.llm.weights import WeightsOrigin as WeightsOrigin
    from pipeline.llm.weights import locate_weights as locate_weights
    from pipeline.llm.window import WIDEN as WIDEN
    from pipeline.llm.window import filler_question as filler_question
    from pipeline.llm.window import is_local as is_local
    from pipeline.llm.window import least_tokens as least_tokens
else:
    __getattr__ = lazy_exports(__name__)
