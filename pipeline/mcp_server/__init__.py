"""The published digests for programs that speak the Model Context Protocol: read only.

Open `tools.py` first: it lists what may be asked. Needs the extra `mcp`; only `server.py` and
`http.py` import its SDK.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.mcp_server.http import serve_http as serve_http
    from pipeline.mcp_server.server import make_server as make_server
    from pipeline.mcp_server.server import serve_stdio as serve_stdio
else:
    __getattr__ = lazy_exports(__name__)
