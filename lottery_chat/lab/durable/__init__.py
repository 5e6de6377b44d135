"""What a kill, a full disk, two programs at once and a big folder do to the documents: experiments with a count each."""
