"""What a job is called; see `sentences`."""

from jobs.sentences import Sentence

Title = Sentence
