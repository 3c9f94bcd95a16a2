-- Runs inside a headless Neovim that has README's set-up. Arguments come by CULPRIT_TEST_*.
local uri_folder = vim.env.CULPRIT_TEST_FOLDER

local function check(what, holds)
  if not holds then
    io.stderr:write('neovim: not so: ' .. what .. '\n')
    vim.cmd('cquit 1')
  end
end

local function wait_for(what, holds)
  check(what, (vim.wait(60000, holds, 20)))
end

-- Neovim 0.7 does not tell a mark's line_hl_group: note it as it is set.
local groups = {}
local set_extmark = vim.api.nvim_buf_set_extmark
vim.api.nvim_buf_set_extmark = function(buffer, space, line, column, options)
  local id = set_extmark(buffer, space, line, column, options)
  groups[id] = options.line_hl_group
  return id
end

vim.cmd('filetype on')
vim.cmd('edit ' .. uri_folder .. '/pricing/Taxes.java')
local buffer = vim.api.nvim_get_current_buf()

wait_for('two diagnostics', function() return #vim.diagnostic.get(buffer) == 2 end)
local found = {}
for _, item in ipairs(vim.diagnostic.get(buffer)) do found[item.lnum] = item end
check('line 26 is marked, for information', found[25] and found[25].severity == vim.diagnostic.severity.INFO)
check('the source is culprit', found[25].source == 'culprit')
check('line 11 is marked', found[10] ~= nil)
check('the score is told', found[25].message:find('81.8%% · #1 of 342'))
local lsp = found[25].user_data.lsp
check('related places come along', #lsp.relatedInformation == 2)

local namespace = vim.api.nvim_get_namespaces()['culprit']
wait_for('heat', function() return #vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, {}) > 1 end)
local function hottest_line()
  local hottest = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, {})) do
    if groups[mark[1]] == 'CulpritHeat5' then table.insert(hottest, mark[2]) end
  end
  return #hottest == 1 and hottest[1] or nil
end
check('the fault alone is hottest', hottest_line() == 25)
check('its colour is defined', vim.fn.hlexists('CulpritHeat5') == 1)

wait_for('two lenses', function() return #vim.lsp.codelens.get(buffer) == 2 end)
local titles = {}
for _, lens in ipairs(vim.lsp.codelens.get(buffer)) do titles[lens.command.title] = lens.range.start.line end
check('the lens of the fault', titles['81.8% · #1 · 15/15 failing'])

-- Jumps: from the first line to the fault, then by rank, into another file.
vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.cmd('CulpritNext')
wait_for('a jump to the fault', function() return vim.api.nvim_win_get_cursor(0)[1] == 26 end)
vim.cmd('CulpritNext')
wait_for('a jump to the second', function() return vim.api.nvim_win_get_cursor(0)[1] == 11 end)
vim.cmd('CulpritNext')
wait_for('a jump to the third, in another file', function()
  return vim.api.nvim_buf_get_name(0):find('PriceBook.java$') and vim.api.nvim_win_get_cursor(0)[1] == 35
end)
vim.cmd('CulpritPrevious')
wait_for('a jump back', function()
  return vim.api.nvim_get_current_buf() == buffer and vim.api.nvim_win_get_cursor(0)[1] == 11
end)

-- Lines follow edits.
vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { '// one', '// two' })
wait_for('the diagnostic moved by two lines', function()
  for _, item in ipairs(vim.diagnostic.get(buffer)) do
    if item.lnum == 27 then return true end
  end
end)
wait_for('the heat moved too', function() return hottest_line() == 27 end)

vim.api.nvim_win_set_cursor(0, { 28, 0 })
vim.cmd('CulpritExplain')
wait_for('an explanation in a window', function()
  return vim.bo.buftype == 'nofile' and vim.fn.search('reducedRate', 'w') > 0
end)
vim.cmd('quit')
vim.cmd('CulpritRun 003a-order')
wait_for('the ranking for a run', function()
  return vim.bo.buftype == 'nofile' and vim.fn.search('case 003a-order', 'w') > 0
end)
vim.cmd('quit')

vim.cmd('CulpritToggle')
wait_for('no marks', function()
  return #vim.diagnostic.get(buffer) == 0 and #vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, {}) == 0
end)
vim.cmd('CulpritToggle')
wait_for('the marks again', function() return #vim.diagnostic.get(buffer) == 2 end)
vim.cmd('qall!')
