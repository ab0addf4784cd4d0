;;; preflint.el --- Preflight linter for training jobs on rented GPU boxes  -*- lexical-binding: t -*-

;; Author: the preflint authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "26.3") (eglot "1.9"))
;; URL: https://github.com/preflint/preflint
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Tells Eglot about `preflint lsp'.  Eglot runs one server for a mode: `preflint-setup' makes it
;; preflint where you have chosen no other.  (M-x eglot, then flymake shows what is found.)

;;; Code:

(require 'eglot)

(defgroup preflint nil
  "Preflight linter for training jobs on rented GPU boxes."
  :group 'tools)

(defcustom preflint-command '("preflint" "lsp")
  "The program and its arguments."
  :type '(repeat string))

(defcustom preflint-modes '(sh-mode bash-ts-mode python-mode python-ts-mode conf-toml-mode toml-ts-mode)
  "Modes whose files preflint reads."
  :type '(repeat symbol))

(defcustom preflint-settings nil
  "Settings as a property list, for instance (:severity \"info\" :language \"zh\")."
  :type 'plist)

(defun preflint-contact (&rest _)
  "How Eglot starts the server."
  (append preflint-command (list :initializationOptions (list :settings preflint-settings))))

;;;###autoload
(defun preflint-setup ()
  "Use preflint in `preflint-modes'."
  (interactive)
  (add-to-list 'eglot-server-programs (cons preflint-modes #'preflint-contact)))

(defun preflint-fix-all ()
  "Apply every safe fix in this buffer."
  (interactive)
  (eglot-code-actions (point-min) (point-max) "source.fixAll.preflint" t))

(provide 'preflint)
;;; preflint.el ends here
