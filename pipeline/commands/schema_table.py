"""What programs read -> its record: the one table of everything that is printed as JSON.

JSON Schemas are generated from the records. A new `--json` is one entry here and one file in
`docs/schema/`, which `ainews-digest schema --out docs/schema` writes.
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from importlib import import_module
from itertools import pairwise
from types import GenericAlias
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core.core_schema import ModelSchema

from pipeline.errors import SettingsError

_URN: Final = "urn:ainews-digest:schema"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class Output(NamedTuple):
    """Something that programs read."""

    command: str
    """What prints it, as it is typed."""
    record: str
    """The module and the class of its record, with a dot between them."""
    many: bool = False
    """Whether it is a list of such records."""
    version: int = 1
    """Goes up when a field is removed or means something else."""


OUTPUTS: Final[Mapping[str, Output]] = {
    "digest": Output("read DIGEST", "pipeline.write.DigestFile", version=2),
    "run": Output("run --json", "pipeline.ops.RunResult"),
    "run-plan": Output("run --dry-run --json", "pipeline.estimate.RunPlan"),
    "backfill": Output("backfill --json", "pipeline.batch.BackfillReport"),
    "backfill-plan": Output("backfill --dry-run --json", "pipeline.estimate.BackfillPlan"),
    "parse": Output("parse FILE --json", "pipeline.records.Issue"),
    "stories": Output("stories ISSUE --json", "pipeline.ops.IssueStory", many=True),
    "show": Output("show DIGEST --json", "pipeline.ops.ShownDigest"),
    "verify": Output("verify DIGEST --json", "pipeline.records.Finding", many=True),
    "diff": Output("diff --json", "pipeline.diff.DiffListing"),
    "site": Output("site --json", "pipeline.site.BuiltSite"),
    "status": Output("status --json", "pipeline.ops.Status"),
    "doctor": Output("doctor --json", "pipeline.doctor.Diagnostic", many=True),
    "usage": Output("usage --json", "pipeline.ops.UsageRow", many=True),
    "report": Output("report DIGEST --json", "pipeline.report.Report"),
    "edit-list": Output(
        "edit DIGEST --list --json", "pipeline.revise.edit_lists.ListedEdit", many=True
    ),
    "edit-stories": Output(
        "edit DIGEST --stories --json", "pipeline.revise.edit_lists.ListedStory", many=True
    ),
    "search": Output("search --json", "pipeline.lookup.EntryList"),
    "factcheck": Output("factcheck FILE DIGEST --json", "pipeline.lookup.TextCheck"),
}
"""By the name of the schema: that of the command, with what it is printed for behind it."""


def json_schema(name: str) -> dict[str, Any]:
    """Generate the JSON Schema of an output.

    Raises:
        SettingsError: there is none of that name.
    """
    if name not in OUTPUTS:
        raise SettingsError(f"there is no schema {name!r}: give one of {', '.join(OUTPUTS)}")
    output = OUTPUTS[name]
    module, _, name_of_record = output.record.rpartition(".")
    record = getattr(import_module(module), name_of_record)
    kind: Any = GenericAlias(tuple, (record, ...)) if output.many else record
    adapter = TypeAdapter[Any](kind)
    # Of a digest the schema takes all that the reader takes, so that earlier versions pass.
    mode: JsonSchemaMode = "validation" if name == "digest" else "serialization"
    made = adapter.json_schema(mode=mode, schema_generator=_Generator)
    if name == "digest":
        _allow_lines(made)
    first = {
        "$schema": DIALECT,
        "$id": f"{_URN}:{name}:{output.version}",
        "title": f"ainews-digest {output.command}",
    }
    return {**first, **{key: value for key, value in made.items() if key not in first}}


def _allow_lines(schema: dict[str, Any]) -> None:
    """Say that evidence is lines in the file, and a text in those of earlier versions."""
    from pipeline.records import EvidenceLine

    schema["$defs"]["EvidenceLine"] = EvidenceLine.model_json_schema(schema_generator=_Generator)
    evidence = schema["$defs"]["Entry"]["properties"]["evidence"]
    del evidence["type"]
    evidence["anyOf"] = [
        {"type": "array", "items": {"$ref": "#/$defs/EvidenceLine"}},
        {"type": "string"},
    ]


class _Generator(GenerateJsonSchema):
    """Describes each field by the docstring below it, and leaves titles out, which say nothing."""

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        made = super().model_schema(schema)
        record = schema["cls"]
        texts = _field_docs(record)
        aliases = {name: field.alias or name for name, field in record.model_fields.items()}
        for name, text in texts.items():
            if (field := made.get("properties", {}).get(aliases.get(name, name))) is not None:
                field["description"] = text
        if self.mode == "serialization":
            # What has a default is printed all the same.
            left_out = {aliases[n] for n, field in record.model_fields.items() if field.exclude_if}
            made["required"] = [name for name in made["properties"] if name not in left_out]
        return made

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's method
        return False


def _field_docs(record: type[BaseModel]) -> Mapping[str, str]:
    """Read the docstrings below the fields of a record, its bases' included."""
    texts: dict[str, str] = {}
    for kind in reversed(record.__mro__):
        if not (issubclass(kind, BaseModel) and kind is not BaseModel):
            continue
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
        body = node.body if isinstance(node, ast.ClassDef) else []
        for field, below in pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                texts[field.target.id] = " ".join(str(below.value.value).split())
    return texts
