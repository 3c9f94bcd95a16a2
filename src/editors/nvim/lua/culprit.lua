-- culprit in Neovim 0.7 or newer: starts `culprit lsp` for files of a project that has runs, colours
-- suspicious lines, and defines
--   :CulpritNext :CulpritPrevious   jump to the next or previous suspicious line, by rank
--   :CulpritExplain                 the evidence for the function under the cursor
--   :CulpritRun [RUN]               the ranking for one failing run; without RUN choose one
--   :CulpritToggle                  take all marks away, or bring them back
--
--   require('culprit').setup {
--     cmd = { 'culprit', 'lsp' },              -- may name RUNS; else the project's .culprit is read
--     filetypes = { 'c', 'cpp', 'java' },
--     init_options = {},                       -- see README, initializationOptions
--   }
local M = {}

local namespace = vim.api.nvim_create_namespace('culprit')
local heat_levels = 5
local clients = {} -- by root folder, where vim.lsp.start does not find them again

-- One hue that darkens as the heat grows, readable with colour-vision deficiency.
local function define_highlights()
  local light = { '#ffffcc', '#ffeda0', '#fed976', '#feb24c', '#fd8d3c' }
  local dark = { '#262214', '#3a2f12', '#523a10', '#6b400f', '#8a420e' }
  local terminal = vim.o.background == 'light' and { 230, 229, 222, 215, 208 } or { 233, 234, 58, 94, 130 }
  for level, colour in ipairs(vim.o.background == 'light' and light or dark) do
    vim.cmd(('highlight default CulpritHeat%d guibg=%s ctermbg=%d'):format(level, colour, terminal[level]))
  end
end

local function heat_arrived(_, params)
  local buffer = vim.uri_to_bufnr(params.uri)
  if not vim.api.nvim_buf_is_loaded(buffer) then return end
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  local last = vim.api.nvim_buf_line_count(buffer) - 1
  for _, pair in ipairs(params.lines) do
    local line, heat = pair[1], pair[2]
    if line <= last then
      local level = math.max(1, math.ceil(heat * heat_levels))
      vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, { line_hl_group = 'CulpritHeat' .. level })
    end
  end
  if vim.api.nvim_get_current_buf() == buffer then vim.lsp.codelens.refresh() end
end

local function client_of(buffer)
  for _, client in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == 'culprit' and vim.lsp.buf_is_attached(buffer, client.id) then return client end
  end
end

-- Asks for a command's result; `argument` is a table or nil.
local function execute(name, argument, take)
  local client = client_of(0)
  if not client then
    return vim.notify('culprit: no runs are known for this buffer', vim.log.levels.WARN)
  end
  local params = { command = name, arguments = argument and { argument } or nil }
  client.request('workspace/executeCommand', params, function(problem, result)
    if problem then return vim.notify('culprit: ' .. problem.message, vim.log.levels.WARN) end
    if take and result ~= nil and result ~= vim.NIL then take(result, client) end
  end, 0)
end

local function here()
  return { uri = vim.uri_from_bufnr(0), line = vim.api.nvim_win_get_cursor(0)[1] - 1 }
end

local function show_text(text)
  vim.cmd('botright new')
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = 'nofile', 'wipe', false
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, '\n'))
  vim.bo.modifiable = false
end

local function jump_to(location, client)
  if vim.lsp.util.show_document then
    vim.lsp.util.show_document(location, client.offset_encoding, { focus = true })
  else
    vim.lsp.util.jump_to_location(location, client.offset_encoding)
  end
end

function M.next() execute('culprit.nextSuspicious', here(), jump_to) end
function M.previous() execute('culprit.previousSuspicious', here(), jump_to) end
function M.explain() execute('culprit.explain', here(), show_text) end
function M.toggle() execute('culprit.toggle') end

function M.run(run)
  if run then return execute('culprit.showRun', { uri = here().uri, run = run }, show_text) end
  execute('culprit.showRun', { uri = here().uri }, function(runs)
    vim.ui.select(runs, {
      prompt = 'Failing run',
      format_item = function(item) return item.run .. '  ' .. item.reason end,
    }, function(choice)
      if choice then M.run(choice.run) end
    end)
  end)
end

-- The nearest folder above the file with runs, else with a repository.
local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  for _, mark in ipairs { '.culprit', '.git' } do
    local above = folder
    while true do
      if vim.loop.fs_stat(above .. '/' .. mark) then return above end
      local parent = vim.fn.fnamemodify(above, ':h')
      if parent == above then break end
      above = parent
    end
  end
  return vim.loop.cwd()
end

local function attach(buffer, options)
  local file = vim.api.nvim_buf_get_name(buffer)
  if file == '' or vim.bo[buffer].buftype ~= '' then return end
  local root = root_of(file)
  local config = {
    name = 'culprit',
    cmd = options.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    init_options = next(options.init_options) and options.init_options or nil,
    handlers = { ['culprit/heat'] = function(_, params) heat_arrived(nil, params) end },
    on_exit = function() clients[root] = nil end,
  }
  if vim.lsp.start then
    vim.api.nvim_buf_call(buffer, function() vim.lsp.start(config) end)
  else
    clients[root] = clients[root] or vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

function M.setup(options)
  options = vim.tbl_extend('force', {
    cmd = { 'culprit', 'lsp' },
    filetypes = { 'c', 'cpp', 'java' },
    init_options = {},
  }, options or {})
  define_highlights()
  local group = vim.api.nvim_create_augroup('culprit', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = options.filetypes,
    callback = function(event) attach(event.buf, options) end,
  })
  vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = define_highlights })
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave' }, {
    group = group,
    callback = function(event)
      if client_of(event.buf) then vim.lsp.codelens.refresh() end
    end,
  })
  -- What a lens does when it is run (vim.lsp.codelens.run()).
  vim.lsp.commands['culprit.explain'] = function(command)
    execute('culprit.explain', command.arguments[1], show_text)
  end
  local function command(name, run, flags) vim.api.nvim_create_user_command(name, run, flags or {}) end
  command('CulpritNext', M.next)
  command('CulpritPrevious', M.previous)
  command('CulpritExplain', M.explain)
  command('CulpritToggle', M.toggle)
  command('CulpritRun', function(call) M.run(call.args ~= '' and call.args or nil) end, { nargs = '?' })
end

return M
