// The two secrets there are, SendGrid's key and the link pepper, and the pepper before while it is being changed. The app gets
// references, never values, and reads them by identity. Secrets are written here, through the resource manager, so that a private
// vault needs no hole for whoever deploys; an empty parameter leaves in the vault what is there.
@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param isPrivate bool
param purgeProtection bool
param workspaceId string

@secure()
param sendGridApiKey string
@secure()
param linkPepper string
@secure()
param linkPepperBefore string

var secretNames = {
  sendGridApiKey: 'sendgrid-api-key'
  linkPepper: 'link-pepper'
  linkPepperBefore: 'link-pepper-before'
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // False is not a value that Azure takes.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

resource sendGridApiKeySecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(sendGridApiKey)) {
  parent: vault
  name: secretNames.sendGridApiKey
  properties: { value: sendGridApiKey }
}

resource linkPepperSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(linkPepper)) {
  parent: vault
  name: secretNames.linkPepper
  properties: { value: linkPepper }
}

resource linkPepperBeforeSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(linkPepperBefore)) {
  parent: vault
  name: secretNames.linkPepperBefore
  properties: { value: linkPepperBefore }
}

// Who read a secret, and when.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name

// Without a version: the app takes up a new value within a day, or when it restarts.
output sendGridApiKeyReference string = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${secretNames.sendGridApiKey})'
output linkPepperReference string = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${secretNames.linkPepper})'
output linkPepperBeforeReference string = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${secretNames.linkPepperBefore})'
