"""Opinions before, examinations afterwards: a supervisor advises, asks for less or stops; she never releases."""
