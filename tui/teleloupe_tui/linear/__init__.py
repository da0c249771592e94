"""The inspector as lines of labelled text: for screen readers, dumb terminals and scripts. Nothing here draws."""
