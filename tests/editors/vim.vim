" Runs inside `vim -es` that has README's set-up.
function! Check(what, holds) abort
  if !a:holds
    call writefile(['vim: not so: ' . a:what, string(getqflist())], '/dev/stderr')
    cquit
  endif
endfunction

Culprit .culprit --top 3
let s:found = filter(getqflist(), 'v:val.valid')
call Check('every line is understood', len(s:found) == len(getqflist()) && len(s:found) >= 3)
let s:first = s:found[0]
call Check('the fault is first', s:first.lnum == 26 && bufname(s:first.bufnr) =~# 'Taxes.java$')
call Check('its text tells the function', s:first.text =~# 'reducedRate.*81.8%')
call Check('it is a warning', s:first.type ==# 'w')
call Check('notes are notes', s:found[1].type ==# 'n')
call Check('the cursor is there', line('.') == 26 && expand('%') =~# 'Taxes.java$')
cnext
cnext
call Check('the next suspect', line('.') == 11)

" A mistake is shown, and the last place stays.
Culprit missing
call Check('no place', empty(filter(getqflist(), 'v:val.valid')))
call Check('what is wrong', join(map(getqflist(), 'v:val.text')) =~# 'missing')
call Check('the error format is back', &errorformat !~# 'tote')
qall!
