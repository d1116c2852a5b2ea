"""What changed between versions of digests, for people and machines; all of it pure.

`comparison` counts, `phrases` says in words, and `text`, `markdown` and `tree` are the three forms.
The page with both sides next to each other is `pipeline.site.review`.
"""
