#!/bin/sh
# Finds a Python that the project runs on, and runs the given script with it.
seen=""
for candidate in "$PYTHON" "$VENV/bin/python" python3.12 python3.11 python3 \
    "$HOME"/.pyenv/versions/3.12*/bin/python "$HOME"/.pyenv/versions/3.11*/bin/python python3.14 python3.13; do
    [ -n "$candidate" ] || continue
    version=$("$candidate" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        exec "$candidate" "$@"
    fi
    seen="$seen $version"
done
echo "Python 3.11 or newer is needed${seen:+ (found only:$seen)}. Install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.11" >&2
exit 1
