/** Where each page lives: the addresses that templates link to and that the server mounts. */

const segment = encodeURIComponent;

/**
 * Addresses by page. Every part is percent-encoded.
 *
 * @example
 * pagePaths.entity("r1", "a/b c")
 * // => "/runs/r1/entities/a%2Fb%20c"
 */
export const pagePaths = {
  home: () => "/",
  policies: () => "/policies",
  policy: (programme: string, version: string) => `/policies/${segment(programme)}/${segment(version)}`,
  policyEdit: (programme: string, version: string) => `/policies/${segment(programme)}/${segment(version)}/edit`,
  policyDiff: (programme: string) => `/policies/${segment(programme)}/diff`,
  datasets: () => "/datasets",
  dataset: (id: string) => `/datasets/${segment(id)}`,
  connections: () => "/connections",
  connectionTest: (name: string) => `/connections/${segment(name)}/test`,
  compare: () => "/compare",
  whatIf: () => "/what-if",
  whatIfAnswer: () => "/what-if/answer",
  whatIfFile: () => "/what-if/file",
  whatIfSave: () => "/what-if/save",
  experiments: () => "/experiments",
  experimentNew: () => "/experiments/new",
  experimentCalibration: () => "/experiments/calibration",
  calibrationFile: (ending: string) => `/experiments/calibration.${segment(ending)}`,
  experiment: (name: string) => `/experiments/${segment(name)}`,
  experimentUpload: (name: string, what: string) => `/experiments/${segment(name)}/${segment(what)}/file`,
  experimentStep: (name: string, step: string) => `/experiments/${segment(name)}/${segment(step)}`,
  experimentFile: (name: string, ending: string) => `/experiments/${segment(name)}/analysis.${segment(ending)}`,
  reference: () => "/reference",
  openApi: () => "/api/openapi.json",
  statistics: () => "/statistics",
  statistic: (name: string) => `/statistics/${segment(name)}`,
  statisticAnswer: (name: string) => `/statistics/${segment(name)}/answer`,
  runs: () => "/runs",
  frame: (run: string) => `/api/runs/${segment(run)}/frame`,
  run: (id: string) => `/runs/${segment(id)}`,
  runJson: (id: string) => `/api/runs/${segment(id)}`,
  cancel: (id: string) => `/runs/${segment(id)}/cancel`,
  runWhatIf: (id: string) => `/runs/${segment(id)}/what-if`,
  report: (id: string) => `/runs/${segment(id)}/report`,
  reportFile: (id: string) => `/runs/${segment(id)}/report.html`,
  reportCsv: (id: string) => `/runs/${segment(id)}/report.csv`,
  reportTable: (id: string, table: string) => `/runs/${segment(id)}/tables/${segment(table)}`,
  comments: (id: string) => `/runs/${segment(id)}/comments`,
  commentStep: (id: string, comment: string, step: string) => `/runs/${segment(id)}/comments/${segment(comment)}/${segment(step)}`,
  alarmList: (id: string) => `/runs/${segment(id)}/alarms.csv`,
  auditList: (id: string) => `/runs/${segment(id)}/audits.csv`,
  figure: (id: string, figure: string, form: string) => `/runs/${segment(id)}/figures/${segment(figure)}.${segment(form)}`,
  figurePage: (id: string, figure: string) => `/runs/${segment(id)}/figures/${segment(figure)}`,
  figureShare: (id: string, figure: string) => `/runs/${segment(id)}/figures/${segment(figure)}/share`,
  reportPdf: (id: string) => `/runs/${segment(id)}/report.pdf`,
  notebook: (id: string) => `/runs/${segment(id)}/report.ipynb`,
  entity: (id: string, entity: string) => `/runs/${segment(id)}/entities/${segment(entity)}`,
  movementCell: (id: string, from: string, to: string) => `/runs/${segment(id)}/movement/${segment(from)}/${segment(to)}`,
  movementCellCsv: (id: string, from: string, to: string) => `/runs/${segment(id)}/movement/${segment(from)}/${segment(to)}/entities.csv`,
  search: () => "/search",
  against: (id: string, other: string) => `/runs/${segment(id)}/against/${segment(other)}`,
  againstChoice: (id: string) => `/runs/${segment(id)}/against`,
  entityLetter: (id: string, entity: string) => `/runs/${segment(id)}/entities/${segment(entity)}/letter`,
  entityLetterFile: (id: string, entity: string) => `/runs/${segment(id)}/entities/${segment(entity)}/letter.md`,
  entityCsv: (id: string, entity: string) => `/runs/${segment(id)}/entities/${segment(entity)}/history.csv`,
  asset: (name: string, digest: string) => `/assets/${segment(name)}?v=${segment(digest)}`,
} as const;
