"""What `omission` knows of names that no table of Chinese ones says, as data."""

NOT_A_NAME = frozenset(
    {
        "a", "an", "the", "i", "mr", "ms", "mrs", "dr", "no", "not", "of", "and", "or", "in", "on",
        "at", "for", "to", "by", "with", "from", "one", "two", "three",
    }
)  # fmt: skip
"""What may have a capital inside a sentence without being a name."""

FAMILY_NAMES = frozenset(
    {
        "altman", "bezos", "gates", "karpathy", "carmack", "hassabis", "huang", "hinton", "lecun",
        "musk", "nadella", "pichai", "sutskever", "trump", "ng", "zuckerberg",
    }
)  # fmt: skip
"""People of the table of aliases, whose Chinese name has the first name in it."""

PRODUCTS = frozenset(
    {
        "DeepMind", "GDM", "Kimi", "Hunyuan", "AWS", "MiMo", "LongCat", "GLM", "SSI", "Meta",
        "sama", "Ascend", "MSR", "satya", "demis",
    }
)  # fmt: skip
"""Latin names of the table of aliases that are not the one whose Chinese stands there."""
