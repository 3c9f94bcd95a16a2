;;; culprit.el --- Suspicious lines in Emacs, by eglot -*- lexical-binding: t -*-

;; Needs Emacs 28 or newer with eglot 1.9 or newer, and `culprit lsp' as a server of eglot.
;; Diagnostics and hovers are eglot's own; here are the colours of lines, and the commands
;;   culprit-next, culprit-previous   go to the next or previous suspicious line, by rank
;;   culprit-explain                  the evidence for the function at point
;;   culprit-run                      the ranking for one failing run
;;   culprit-toggle                   take all marks away, or bring them back

;;; Code:

(require 'cl-lib)
(require 'eglot)

(defgroup culprit nil "Suspicious lines." :group 'tools)

;; One hue that darkens as the heat grows, readable with colour-vision deficiency.
(defface culprit-heat-1 '((((background dark)) :background "#262214" :extend t) (t :background "#ffffcc" :extend t))
  "Hardly suspicious lines.")
(defface culprit-heat-2 '((((background dark)) :background "#3a2f12" :extend t) (t :background "#ffeda0" :extend t))
  "Less suspicious lines.")
(defface culprit-heat-3 '((((background dark)) :background "#523a10" :extend t) (t :background "#fed976" :extend t))
  "Suspicious lines.")
(defface culprit-heat-4 '((((background dark)) :background "#6b400f" :extend t) (t :background "#feb24c" :extend t))
  "More suspicious lines.")
(defface culprit-heat-5 '((((background dark)) :background "#8a420e" :extend t) (t :background "#fd8d3c" :extend t))
  "The most suspicious lines.")

(defun culprit--colour (lines)
  "Colour LINES, pairs of a line from 0 on and its heat, of the current buffer."
  (save-restriction
    (widen)
    (remove-overlays (point-min) (point-max) 'culprit t)
    (save-excursion
      (mapc (lambda (pair)
              (let ((level (max 1 (ceiling (* 5 (aref pair 1))))))
                (goto-char (point-min))
                (when (zerop (forward-line (aref pair 0)))
                  (let ((overlay (make-overlay (line-beginning-position) (line-beginning-position 2))))
                    (overlay-put overlay 'culprit t)
                    (overlay-put overlay 'priority -50)
                    (overlay-put overlay 'face (intern (format "culprit-heat-%d" level)))))))
            lines))))

(cl-defmethod eglot-handle-notification (_server (_method (eql culprit/heat)) &key uri lines &allow-other-keys)
  "Colour the LINES of the file at URI."
  (let ((buffer (find-buffer-visiting (eglot--uri-to-path uri))))
    (when buffer
      (with-current-buffer buffer (culprit--colour lines)))))

(defun culprit--execute (command &optional argument)
  "The result of COMMAND with ARGUMENT, a plist."
  (jsonrpc-request (eglot--current-server-or-lose) :workspace/executeCommand
                   (list :command command :arguments (if argument (vector argument) []))
                   ;; Explaining reads the runs again, which may take longer than the usual 10 s.
                   :timeout 60))

(defun culprit--here ()
  "Point, as commands take it."
  (list :uri (eglot--path-to-uri buffer-file-name) :line (1- (line-number-at-pos nil t))))

(defun culprit--jump (command)
  "Go to the place that COMMAND gives."
  (let ((location (culprit--execute command (culprit--here))))
    (if (null location)
        (message "culprit: nothing is suspicious")
      (find-file (eglot--uri-to-path (plist-get location :uri)))
      (goto-char (car (eglot--range-region (plist-get location :range)))))))

(defun culprit-next ()
  "Go to the next suspicious line, by rank."
  (interactive)
  (culprit--jump "culprit.nextSuspicious"))

(defun culprit-previous ()
  "Go to the previous suspicious line, by rank."
  (interactive)
  (culprit--jump "culprit.previousSuspicious"))

(defun culprit--show (text)
  "Show TEXT in a window of its own."
  (with-current-buffer (get-buffer-create "*culprit*")
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert text)
      (goto-char (point-min)))
    (special-mode)
    (display-buffer (current-buffer))))

(defun culprit-explain ()
  "Show the evidence for the function at point."
  (interactive)
  (culprit--show (culprit--execute "culprit.explain" (culprit--here))))

(defun culprit-run (run)
  "Show the ranking for RUN, a failing run or a cluster."
  (interactive
   (list (completing-read "Failing run: "
                          (mapcar (lambda (each) (plist-get each :run))
                                  (culprit--execute "culprit.showRun"
                                                    (list :uri (eglot--path-to-uri buffer-file-name)))))))
  (culprit--show (culprit--execute "culprit.showRun"
                                   (list :uri (eglot--path-to-uri buffer-file-name) :run run))))

(defun culprit-toggle ()
  "Take all marks away, or bring them back."
  (interactive)
  (culprit--execute "culprit.toggle"))

(provide 'culprit)
;;; culprit.el ends here
