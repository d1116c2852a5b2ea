"""What every client of a server goes by, whichever HTTP library it uses: pages, models, news.

`connections.py` reads the environment's proxies and certificates, `retry.py` tries again what may
pass (only importer of tenacity), `deadline.py` ends an exchange.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.network.connections import Proxy as Proxy
    from pipeline.network.connections import check_certificates as check_certificates
    from pipeline.network.connections import find_proxy as find_proxy
    from pipeline.network.connections import is_loopback as is_loopback
    from pipeline.network.connections import keep_loopback_direct as keep_loopback_direct
    from pipeline.network.connections import load_certificates as load_certificates
    from pipeline.network.connections import socks_errors as socks_errors
    from pipeline.network.connections import tls_context as tls_context
    from pipeline.network.deadline import SocketDeadline as SocketDeadline
    from pipeline.network.retry import RetryPolicy as RetryPolicy
    from pipeline.network.retry import call_with_retry as call_with_retry
    from pipeline.network.retry import parse_internet_date as parse_internet_date
    from pipeline.network.retry import parse_retry_after as parse_retry_after
else:
    __getattr__ = lazy_exports(__name__)
