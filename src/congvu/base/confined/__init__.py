"""Strangers' files opened by a process that can do nothing else (vi: tiến trình biệt lập; kk: оқшауланған процесс)."""
