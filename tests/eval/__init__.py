"""The measure: recorded answers of real runs, played back through the pipeline and scored.

`cases` names the issues, `tape` holds what a model answered, `rehearse` runs the pipeline over a
tape and `record` fills one. `score` makes a `card` of each run, `checks` measures the checks
themselves with what `broken` and `edits` break; `measure` does it all, `floors` says what is good
enough, `table` shows it, and `cli` is `python tests/eval`.
"""
