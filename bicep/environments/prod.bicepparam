// Where projects are run. Private network; every mail is delivered.
// Secrets are never written here: export PLENARY_SENDGRID_API_KEY and PLENARY_LINK_PEPPER for the first deployment, or to change them.
using '../main.bicep'

param environmentName = 'prod'
param privateNetworking = true
param storageSku = 'Standard_ZRS'
param keepDeletedDays = 14
param keepLogsDays = 90
param vaultPurgeProtection = true
param maximumInstances = 40
param alertAddresses = [
  'operators@example.org'
]
param alertsEnabled = true

// The app registration that the secretariat signs in with.
param signInClientId = '00000000-0000-0000-0000-000000000000'

param organisationName = 'Plenary'
param organisationFullName = 'The Secretariat'
param organisationContactAddress = 'projects@example.org'
param organisationZone = 'Asia/Tokyo'
param secretariatAddress = 'secretariat@example.org'
param secretariatName = 'The Secretariat'
param mailFromAddress = 'projects@example.org'
param mailFromName = 'The Secretariat'
param mailSandbox = false

// SendGrid shows it under Settings, Mail Settings, Event Webhook. This one belongs to the local mailbox and opens nothing in Azure.
param mailWebhookPublicKey = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfBnhWkMsFWwv57zsk5/PLdoffhgTq73MCTJsK8Nn09h4O8IzrAP0IJ2NZF9gRrnIBhCi37+W+UaTogh/9Mri6g=='

param sendGridApiKey = readEnvironmentVariable('PLENARY_SENDGRID_API_KEY', '')
param linkPepper = readEnvironmentVariable('PLENARY_LINK_PEPPER', '')
param linkPepperBefore = readEnvironmentVariable('PLENARY_LINK_PEPPER_BEFORE', '')
