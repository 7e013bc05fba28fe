// Seeing: Log Analytics, Application Insights without local authentication, a test from outside, alerts, and a workbook with the
// figures operators look at. The metrics are the app's own (functions/Shared/Telemetry/MetricNames.cs), never counts of sampled traces.
// Thresholds are those of the service's operations manual; each alert says in its text what to do.
param workspaceName string
param insightsName string
param location string
param tags object
param keepDays int
param alertAddresses string[]
param alertsEnabled bool

@description('Without a trailing slash.')
param baseUrl string

// A gauge or a duration at its worst within a minute; a counter's sum within a minute.
var worst = 'summarize value = max(coalesce(Max, Sum / ItemCount)) by bin(TimeGenerated, 1m)'
var total = 'summarize value = sum(Sum) by bin(TimeGenerated, 1m)'

// "Minimum" over a window: so long without a better minute.
var alerts = [
  {
    name: 'mail-waits'
    says: 'A mail has been owed for more than 10 minutes. `plenary mail list` shows them, and each project\'s page of mails; then see whether SendGrid answers (its key, its limits).'
    metric: 'plenary.mails.oldest_owed'
    figure: worst
    aggregation: 'Maximum'
    above: 600
    window: 'PT5M'
    severity: 1
  }
  {
    name: 'dead-letters'
    says: 'Messages have been given up after ten deliveries. `plenary dead-letters list` shows why; `plenary dead-letters replay` is safe to repeat.'
    metric: 'plenary.dead_letters'
    figure: worst
    aggregation: 'Maximum'
    above: 0
    window: 'PT5M'
    severity: 1
  }
  {
    name: 'webhook-signatures'
    says: 'More than 5 mail events in 5 minutes carried a wrong signature: SendGrid\'s key was changed (set mailWebhookPublicKey), or somebody is trying.'
    metric: 'plenary.webhook.signature_failures'
    figure: total
    aggregation: 'Total'
    above: 5
    window: 'PT5M'
    severity: 2
  }
  {
    name: 'closing-late'
    says: 'A project was closed more than 120 seconds after its closing instant. Nothing too late was accepted, but people see it open: look at the timer and at `plenary agenda list`.'
    metric: 'plenary.cutoff.lag'
    figure: worst
    aggregation: 'Maximum'
    above: 120
    window: 'PT5M'
    severity: 1
  }
  {
    name: 'mail-unknown'
    says: 'For 15 minutes there have been mails of which nobody knows whether SendGrid took them. `plenary mail list` shows them; resend only after a look at SendGrid\'s activity.'
    metric: 'plenary.mails.unknown'
    figure: worst
    aggregation: 'Minimum'
    above: 0
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'orphaned-files'
    says: 'For 24 hours there have been files that no nomination names. `plenary verify` lists them.'
    metric: 'plenary.blobs.orphaned'
    figure: worst
    aggregation: 'Minimum'
    above: 0
    window: 'P1D'
    severity: 3
  }
  {
    name: 'recount-differs'
    says: 'A recount differs from what is stored. `plenary verify` explains each finding; do not approve or publish before.'
    metric: 'plenary.recount.mismatches'
    figure: worst
    aggregation: 'Maximum'
    above: 0
    window: 'PT5M'
    severity: 1
  }
  {
    name: 'timer-late'
    says: 'The timer has missed three runs: nothing that falls due is woken. Restart the app; look whether all functions are loaded.'
    metric: 'plenary.timer.age'
    figure: worst
    aggregation: 'Maximum'
    above: 180
    window: 'PT5M'
    severity: 1
  }
]

// Alerts that are no threshold of one metric.
var otherAlerts = [
  {
    name: 'silence'
    says: 'For 15 minutes the app has told nothing about its timer: it is down, or its telemetry is.'
    query: 'AppMetrics | where Name == "plenary.timer.age" | summarize told = count() | extend value = iff(told == 0, 1, 0)'
    window: 'PT15M'
    severity: 1
    above: 0
  }
  {
    name: 'throttled'
    says: 'SendGrid turned away more than 5 % of what was sent to it (429). Mails wait and go out later; ask SendGrid for a higher limit if it lasts.'
    query: 'AppMetrics | summarize refused = sumif(Sum, Name == "plenary.provider.throttled"), sent = sumif(Sum, Name == "plenary.mails" and tostring(Properties.state) == "Sent") | extend value = iff(refused == 0, 0.0, 100.0 * refused / (refused + sent))'
    window: 'PT15M'
    severity: 2
    above: 5
  }
  {
    // Hosts can be up with no function loaded, and nothing else tells (operations manual).
    name: 'functions-changed'
    says: 'Instances have loaded different numbers of functions within a day. After a deployment that added some this is right, once; otherwise compare with the list that bicep/deploy prints.'
    query: 'AppTraces | extend loaded = toint(extract("^([0-9]+) functions loaded$", 1, Message)) | where isnotnull(loaded) | summarize value = coalesce(max(loaded) - min(loaded), 0)'
    window: 'P1D'
    severity: 2
    above: 0
  }
]

var figures = [
  { title: 'Nominations accepted', metric: 'plenary.nominations.accepted', figure: total }
  { title: 'Nominations refused', metric: 'plenary.nominations.refused', figure: total }
  { title: 'Mails, by what became of them', metric: 'plenary.mails', figure: total }
  { title: 'Oldest mail owed (s)', metric: 'plenary.mails.oldest_owed', figure: worst }
  { title: 'Mails of unknown outcome', metric: 'plenary.mails.unknown', figure: worst }
  { title: 'Agenda: how late (s)', metric: 'plenary.agenda.lag', figure: worst }
  { title: 'Outbox: how late (s)', metric: 'plenary.outbox.lag', figure: worst }
  { title: 'Closing: how late (s)', metric: 'plenary.cutoff.lag', figure: worst }
  { title: 'Dead letters', metric: 'plenary.dead_letters', figure: worst }
  { title: 'Differences found by recount', metric: 'plenary.recount.mismatches', figure: worst }
  { title: 'Orphaned files', metric: 'plenary.blobs.orphaned', figure: worst }
  { title: 'Events with a wrong signature', metric: 'plenary.webhook.signature_failures', figure: total }
  { title: 'Turned away by SendGrid', metric: 'plenary.provider.throttled', figure: total }
  { title: 'Age of the timer\'s last run (s)', metric: 'plenary.timer.age', figure: worst }
]

var heading = [
  {
    type: 1
    name: 'heading'
    content: { json: '## Plenary\nThe last day, minute by minute. What to do about a figure stands in the text of its alert; what each means stands in README, "Seeing".' }
  }
]
var charts = [for one in figures: {
  type: 3
  name: one.metric
  customWidth: '50'
  content: {
    version: 'KqlItem/1.0'
    title: one.title
    query: 'AppMetrics | where Name == "${one.metric}" | ${one.figure} | render timechart'
    size: 1
    timeContext: { durationMs: 86400000 }
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    crossComponentResources: [workspace.id]
  }
}]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: keepDays
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    // Client addresses stay masked.
    DisableIpMasking: false
  }
}

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'plenary-operators'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'plenary'
    emailReceivers: [for address in alertAddresses: {
      name: address
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

resource metricAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: 'plenary-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Plenary: ${alert.name}'
    description: alert.says
    enabled: alertsEnabled
    severity: alert.severity
    scopes: [workspace.id]
    evaluationFrequency: alert.window == 'P1D' ? 'PT1H' : 'PT5M'
    windowSize: alert.window
    autoMitigate: true
    // The table is there from the first telemetry on, not before.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppMetrics | where Name == "${alert.metric}" | ${alert.figure}'
          metricMeasureColumn: 'value'
          timeAggregation: alert.aggregation
          operator: 'GreaterThan'
          threshold: alert.above
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [operators.id] }
  }
}]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in otherAlerts: {
  name: 'plenary-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Plenary: ${alert.name}'
    description: alert.says
    enabled: alertsEnabled
    severity: alert.severity
    scopes: [workspace.id]
    evaluationFrequency: alert.window == 'P1D' ? 'PT1H' : 'PT5M'
    windowSize: alert.window
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.query
          metricMeasureColumn: 'value'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: alert.above
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [operators.id] }
  }
}]

// From outside, every five minutes: it also sees what stands before the app.
resource availability 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'plenary-ready-${uniqueString(insights.id)}'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'plenary-ready'
    Name: 'Plenary is ready'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Kind: 'standard'
    Locations: [
      { Id: 'apac-jp-kaw-edge' }
      { Id: 'apac-sg-sin-azr' }
      { Id: 'emea-au-syd-edge' }
      { Id: 'emea-nl-ams-azr' }
      { Id: 'us-va-ash-azr' }
    ]
    Request: {
      RequestUrl: '${baseUrl}/health/ready'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource unavailable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'plenary-unavailable'
  location: 'global'
  tags: tags
  properties: {
    description: 'Two of five places in the world do not get 200 from ${baseUrl}/health/ready. Its body says which part is unwell.'
    severity: 0
    enabled: alertsEnabled
    scopes: [
      availability.id
      insights.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availability.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: operators.id }]
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'plenary', 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Plenary'
    category: 'workbook'
    sourceId: workspace.id
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat(heading, charts)
    })
  }
}

output workspaceId string = workspace.id
output insightsName string = insights.name
