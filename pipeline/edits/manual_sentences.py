"""A summary by hand -> its sentences: those that stayed keep their citations, the others have none.

Nobody has said what words by hand rest on. The checks look for lines by themselves; no page names
any. Pure.
"""

from itertools import accumulate

from pipeline.records import Entry, Sentence, cut_sentences


def keep_citations(entry: Entry, summary: str) -> tuple[Sentence, ...]:
    """Cut a summary by hand, with the lines of each sentence that the entry has word for word.

    Args:
        entry: the entry as it was; nothing is known where it is a quotation.
        summary: its new summary, or the one that it has.
    """
    if not entry.line_places or entry.quoted:
        return ()
    if summary == entry.summary:
        return entry.sentences
    ends = [*accumulate(len(sentence.text) for sentence in cut_sentences(summary))]
    sentences: list[Sentence] = []
    at = 0
    for end in ends:
        # A sentence of the entry may be several between full stops.
        if end <= at:
            continue
        known = [it for it in entry.told if it.text and summary.startswith(it.text, at)]
        kept = next((it for it in known if at + len(it.text) in ends), None)
        sentences.append(kept or Sentence(text=summary[at:end]))
        at += len(sentences[-1].text)
    return tuple(sentences)
