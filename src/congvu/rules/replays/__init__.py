"""Replays that somebody asked for (vi: chạy lại dự thảo; kk: жобаны қайта жүргізу): what a draft would have changed."""
