"""Digests -> static pages for readers and reviewers.

site.py      the folder of digests -> the files of the site: the order of everything
pages.py     digests -> what the pages of readers show
marks.py     texts -> the numbers and names in them that were checked
search.py    digests -> the search data that a browser loads
review.py    a digest and its last version -> what its review page shows
sides.py     a difference -> both versions side by side; `diff_page` for the command `diff`
causes.py    why something is told otherwise -> Chinese
reasons.py   what the program says of its work -> Chinese
feed.py      digests -> the Atom feed and the list of pages for search engines
render.py    what is shown -> HTML and XML (only importer of jinja2)
folder.py    the files -> disk: only what changed, only what is ours
serve.py     the site -> a browser on this machine
templates/   what the pages look like
static/      the files that pages load

Views are built by pure functions; templates only repeat and choose.
"""
