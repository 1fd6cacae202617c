"""The acts of the directory (vi: nghiệp vụ danh bạ; kk: анықтамалық әрекеттері), one module for each noun."""
