#!/usr/bin/env bash
# Emacs with Eglot and our preflint.el in batch mode: the diagnostics are those of the command line.
set -euo pipefail
# shellcheck source=tests/clients/editor_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/editor_common.sh"

cat >"$scratch/drive.el" <<'LISP'
(require 'package)
(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa/*"))
  (when (file-directory-p folder) (add-to-list 'load-path folder)))
(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa-src/*"))
  (when (file-directory-p folder) (add-to-list 'load-path folder)))
(add-to-list 'load-path (getenv "PLUGIN"))
(require 'preflint)
(preflint-setup)
(setq eglot-sync-connect 30 eglot-autoreconnect nil)
(defun drive-project (_folder) (cons 'transient (getenv "FOLDER")))
(setq project-find-functions '(drive-project))
(with-temp-file (getenv "OUT")
  (let ((out (current-buffer)))
    (dolist (name (split-string (getenv "FILES") "\n" t))
      (with-current-buffer (find-file-noselect (expand-file-name name (getenv "FOLDER")))
        (apply #'eglot (eglot--guess-contact))
        (unless (eglot-current-server) (error "no server for %s" name))
        (flymake-start)  ; by itself it waits until a window shows the buffer
        (let ((until (+ (float-time) 10)))
          (while (and (< (float-time) until) (< (length (flymake-diagnostics)) (string-to-number (getenv "COUNT"))))
            (accept-process-output nil 0.1)))
        (accept-process-output nil 0.5)
        (dolist (one (flymake-diagnostics))
          (let ((line (line-number-at-pos (flymake-diagnostic-beg one)))
                (code (plist-get (alist-get 'eglot-lsp-diag (eglot--diag-data one)) :code)))
            (with-current-buffer out (insert (format "%s:%d %s\n" name line code)))))
        (when (equal (getenv "FIX") "yes")
          (preflint-fix-all)
          (let ((require-final-newline nil)) (save-buffer)))))))
(eglot-shutdown-all)
LISP

projects "$scratch/project"
for name in demo/setup.sh demo/train.py editor-fixes/run.sh; do
  folder="$scratch/project/${name%%/*}" file="${name#*/}"
  by_cli "$folder" "$file" >"$scratch/cli.txt"
  fix=no
  [ "$name" != editor-fixes/run.sh ] || fix=yes
  PLUGIN="$root/editors/emacs" FOLDER="$folder" OUT="$scratch/emacs.txt" FILES="$file" FIX="$fix" \
    COUNT="$(wc -l <"$scratch/cli.txt")" timeout 120 emacs -Q --batch -l "$scratch/drive.el" >"$scratch/emacs.log" 2>&1 ||
    { tail -40 "$scratch/emacs.log" >&2; exit 1; }
  sort "$scratch/emacs.txt" >"$scratch/emacs.sorted"
  same "$name" "$scratch/cli.txt" "$scratch/emacs.sorted"
done
projects "$scratch/fixed"
(cd "$scratch/fixed/editor-fixes" && preflint check --fix . >/dev/null) || [ $? -eq 1 ]
same "fix all" "$scratch/fixed/editor-fixes/run.sh" "$scratch/project/editor-fixes/run.sh"
emacs -Q --batch -L /usr/share/emacs/site-lisp/elpa-src/eglot-1.9 --eval '(setq byte-compile-error-on-warn t)' \
  --eval "(setq byte-compile-dest-file-function (lambda (_) \"$scratch/preflint.elc\"))" \
  -f batch-byte-compile "$root/editors/emacs/preflint.el" >"$scratch/compile.log" 2>&1 || { cat "$scratch/compile.log" >&2; exit 1; }
