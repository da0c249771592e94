"""What the reader sees at one time, and what each key does there."""
