"""The digests under Dagster: as an asset of one partition a day, over the same run as elsewhere.

    setup.py        settings AINEWS_DAGSTER_… -> Dagster's own configuration; needs no Dagster
    day.py          one partition: a date to its digests; needs no Dagster
    card.py         a date's digests -> what Dagster shows of them; needs no Dagster
    guard.py        what may reach Dagster's page; needs no Dagster
    definitions.py  asset, checks, schedule and sensor, as Dagster is given them
    webserver.py    Dagster's webserver behind the guard, and its daemon
    __main__.py     python -m pipeline.orchestration: `make dagster`

Dagster queues, spreads, repeats what was killed and shows. What is asked again, what is already
published and what is comparable is settled by the pipeline, here as on the command line.
"""
