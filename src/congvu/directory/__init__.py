"""Agencies, units, posts, people and their addresses (vi: danh bạ tổ chức; kk: ұйым анықтамалығы), and sign-in. W3C ORG."""
