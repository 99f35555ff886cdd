"""하루 마치기: what was done, what is not sent, what is still to be copied, tomorrow."""
