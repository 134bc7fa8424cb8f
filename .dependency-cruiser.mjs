/** The walls of docs/architecture.md. test/walls.test.ts plants a violation of each and sees it refused. */
const feature = '^src/features/([^/]+)/';
export default {
  forbidden: [
    { name: 'lib-knows-nobody', severity: 'error', from: { path: '^src/lib/' }, to: { path: '^src/', pathNot: '^src/lib/' } },
    { name: 'db-knows-lib', severity: 'error', from: { path: '^src/db/', pathNot: '\\.test\\.ts$' }, to: { path: '^src/', pathNot: '^src/(db|lib)/' } },
    {
      name: 'jobs-and-http-know-db-and-lib', severity: 'error', from: { path: '^src/(jobs|http)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(jobs|http|db|lib)/|^src/config\\.ts$' },
    },
    {
      name: 'features-know-no-connector-nor-main', severity: 'error', from: { path: feature, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(connectors/|web/staff/|commands/|demo/|main\\.ts|cli\\.ts|compose[a-z-]*\\.ts|day\\.ts|explore-sample\\.ts|schedule\\.ts|subscriptions\\.ts)' },
    },
    {
      name: 'http-only-from-routes', severity: 'error', from: { path: feature, pathNot: '(routes|queries|page-parts|portal-[a-z-]+|sign-in-session)\\.ts$|\\.test\\.ts$|/ui/' },
      to: { path: '^src/http/' },
    },
    { name: 'pages-only-from-routes', severity: 'error', from: { path: feature, pathNot: 'routes\\.ts$|\\.test\\.ts$|/ui/|portal' }, to: { path: '^src/(ui|web)/|/ui/', pathNot: '^src/ui/(mail-[a-z]+|tokens|brand-palette)\\.ts$' } },
    {
      name: 'rules-are-pure', severity: 'error', from: { path: 'rules\\.ts$' },
      to: { path: '^src/', pathNot: '^src/lib/|rules\\.ts$' , dependencyTypesNot: ['type-only'] },
    },
    { name: 'rules-use-no-package', severity: 'error', from: { path: 'rules\\.ts$' }, to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'] } },
    {
      name: 'staff-pages-know-apis-and-rules', severity: 'error', from: { path: '/ui/staff/|^src/web/staff/' },
      to: { path: '^src/', pathNot: '^src/(ui|lib|web/staff)/|/ui/staff/|/api\\.ts$|rules\\.ts$' },
    },
    {
      name: 'portal-never-imports-staff', severity: 'error', from: { path: '^src/web/portal/|/ui/portal/' },
      to: { path: '^src/', pathNot: '^src/(ui|lib|web/portal)/|/api\\.ts$|rules\\.ts$' },
    },
    { name: 'ui-knows-lib', severity: 'error', from: { path: '^src/ui/' }, to: { path: '^src/', pathNot: '^src/(ui|lib)/' } },
    {
      name: 'connectors-know-their-port', severity: 'error', from: { path: '^src/connectors/[^/]+/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(lib|connectors)/|^src/features/(payments/(payment-gateway|gateways)|correspondence/(mailer|carrier|texter|letter-printer)|mail-news/mail-news-reader)\\.ts$' },
    },
    {
      name: 'connectors-describe-themselves-in-types', severity: 'error', from: { path: '^src/connectors/' },
      to: { path: '^src/features/payments/gateways\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'connectors-know-no-other-vendor', severity: 'error', from: { path: '^src/connectors/([^/]+)/([^/]+)/' },
      to: { path: '^src/connectors/([^/]+)/([^/]+)/', pathNot: '^src/connectors/$1/$2/' },
    },
    // A type goes at run time, so an import of one makes no loop.
    {
      name: 'no-cycle', severity: 'error', from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycle-between-features', severity: 'error', scope: 'folder', from: { path: '^src/features/[^/]+$' },
      to: { circular: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Tests may reach across rooms; the walls are for what runs.
    exclude: { path: '^(dist|data|test)/|\\.test\\.ts$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
    moduleSystems: ['es6', 'cjs'],
  },
};
