;;; Runs inside `emacs --batch' that has README's set-up. -*- lexical-binding: t -*-

(require 'flymake)

(defvar folder (getenv "CULPRIT_TEST_FOLDER"))
(setq make-backup-files nil auto-save-default nil create-lockfiles nil)

(defun check (what holds)
  (unless holds
    (message "emacs: not so: %s" what)
    (kill-emacs 1)))

(defun wait-for (what holds)
  (let ((end (+ (float-time) 20)))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (check what (funcall holds))))

(defun lines-of-diagnostics ()
  (sort (mapcar (lambda (each) (line-number-at-pos (flymake-diagnostic-beg each) t)) (flymake-diagnostics)) #'<))

(defun heat-at (line)
  (save-excursion
    (goto-char (point-min))
    (forward-line (1- line))
    (cl-some (lambda (overlay) (and (overlay-get overlay 'culprit) (overlay-get overlay 'face)))
             (overlays-at (point)))))

(find-file (concat folder "/pricing/Taxes.java"))
(java-mode)
;; In batch there is no command after which `eglot-ensure' would connect.
(apply #'eglot (eglot--guess-contact))
(defvar source (current-buffer))

(wait-for "two diagnostics" (lambda () (equal (lines-of-diagnostics) '(11 26))))
(check "the score is told"
       (cl-some (lambda (each) (string-match-p "81.8% · #1 of 342" (flymake-diagnostic-text each)))
                (flymake-diagnostics)))
(wait-for "the fault is hottest" (lambda () (eq (heat-at 26) 'culprit-heat-5)))
(check "line 1 has no heat" (null (heat-at 1)))

(goto-char (point-min))
(culprit-next)
(check "a jump to the fault" (= (line-number-at-pos) 26))
(culprit-next)
(check "a jump to the second" (= (line-number-at-pos) 11))
(culprit-next)
(check "a jump to the third, in another file"
       (and (string-suffix-p "PriceBook.java" buffer-file-name) (= (line-number-at-pos) 35)))
(culprit-previous)
(check "a jump back" (and (eq (current-buffer) source) (= (line-number-at-pos) 11)))

(goto-char (point-min))
(insert "// one\n// two\n")
(eglot--signal-textDocument/didChange)
(wait-for "the diagnostics move by two lines" (lambda () (equal (lines-of-diagnostics) '(13 28))))
(wait-for "the heat moves too" (lambda () (eq (heat-at 28) 'culprit-heat-5)))

(goto-char (point-min))
(forward-line 27)
(culprit-explain)
(check "an explanation" (with-current-buffer "*culprit*" (string-match-p "reducedRate" (buffer-string))))
(culprit-run "003a-order")
(check "the ranking for a run" (with-current-buffer "*culprit*" (string-match-p "case 003a-order" (buffer-string))))
(set-buffer source)
(culprit-toggle)
(wait-for "no marks" (lambda () (and (null (lines-of-diagnostics)) (null (heat-at 28)))))
(culprit-toggle)
(wait-for "the marks again" (lambda () (equal (lines-of-diagnostics) '(13 28))))
(let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                              (list :textDocument (list :uri (eglot--path-to-uri buffer-file-name))
                                    :position (list :line 27 :character 6)))))
  (check "a hover" (string-match-p "reducedRate" (plist-get (plist-get hover :contents) :value))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(message "emacs: all so")
