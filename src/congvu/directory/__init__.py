"""Agencies, units, posts, people, addresses (vi: danh bạ tổ chức; kk: ұйым анықтамалығы). W3C ORG."""
