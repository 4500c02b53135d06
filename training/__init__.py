"""Trains the reader that `services.nlp.encoder` runs: labelled sentences in, the files of a model out."""
